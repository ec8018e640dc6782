#!/bin/sh
# Write the database and all evidence into one file, while people go on working. An argument names another folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
home=$(home_of "$0")
folder=$(cd "${1:-$home/backups}" && pwd -P)
"$here/rectify" backup "$folder"
say "备份已写入，请复制到另一台机器 / written, keep a copy on another machine"
