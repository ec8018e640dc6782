#!/bin/sh
# Write the database and all evidence into one file, while people go on working. An argument names another folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
told="用法 / usage: ./backup.sh [文件夹 / FOLDER]"
case $#:${1:-} in 0: | 1:[!-]*) ;; *) usage "$told" "$@" ;; esac
home=$(home_of "$0")
owner_of "$home" >/dev/null
# Where the daily ones go, unless told otherwise.
wanted=${1:-$(
    load_environment "$home"
    case ${TRACKER_BACKUP_DIR:=$home/backups} in /*) ;; *) TRACKER_BACKUP_DIR=$TRACKER_DATA_DIR/$TRACKER_BACKUP_DIR ;; esac
    echo "$TRACKER_BACKUP_DIR"
)}
folder=$(cd "$wanted" 2>/dev/null && pwd -P) || refuse "不是可以进入的文件夹 / no folder that can be entered: $wanted
$told"
"$here/rectify" backup "$folder"
say "备份已写入，请复制到另一台机器 / written, keep a copy on another machine"
