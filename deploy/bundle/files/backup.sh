#!/bin/sh
# Write the database and all evidence into one file, while people go on working. An argument names another folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
told="用法 / usage: ./backup.sh [文件夹 / FOLDER]"
case $#:${1:-} in 0: | 1:[!-]*) ;; *) usage "$told" "$@" ;; esac
home=$(home_of "$0")
owner_of "$home" >/dev/null
# Without a folder it goes where the daily ones go.
if [ $# != 0 ]; then
    folder=$(cd "$1" 2>/dev/null && pwd -P) || refuse "不是可以进入的文件夹 / no folder that can be entered: $1
$told"
    set -- "$folder"
fi
"$here/rectify" backup "$@"
say "备份已写入，请复制到另一台机器 / written, keep a copy on another machine"
