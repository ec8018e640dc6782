#!/bin/sh
# Stop the web server and the scheduler; what they are doing is finished first.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
[ $# = 0 ] || usage "用法 / usage: ./stop.sh" "$1"
home=$(home_of "$0")

if is_service "$home"; then
    # shellcheck disable=SC2086
    systemctl stop $UNITS
elif pid=$(running "$home"); then
    kill -TERM "$pid"
    waited=0
    while is_serving "$home" "$pid"; do
        [ "$waited" -lt 300 ] || refuse "一分钟后仍未停止，进程号 / still running after a minute: $pid"
        sleep 0.2
        waited=$((waited + 1))
    done
else
    say "没有在运行 / not running"
    exit 0
fi
say "已停止 / stopped"
