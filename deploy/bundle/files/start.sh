#!/bin/sh
# Start the web server and the scheduler, wait until pages are served, and tell how to get in.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
[ $# = 0 ] || usage "用法 / usage: ./start.sh" "$1"
home=$(home_of "$0")
owner_of "$home" >/dev/null
# Two starts at once would both find nothing running, and the one that cannot listen would take the file of the other.
is_service "$home" || { exec 9<"$home/run"; flock 9; }

if is_service "$home"; then
    # shellcheck disable=SC2086
    systemctl start $UNITS
elif running "$home" >/dev/null; then
    say "已在运行 / running already"
else
    rm -f "$home/run/rectify.pid"
    umask 077
    log="$home/logs/rectify.log"
    : >>"$log"
    give "$home/data" "$log"
    was=$(wc -c <"$log")
    (
        cd "$home/current"
        exec_in "$home" nohup .venv/bin/python -m tracker.cli.serve --pid-file "$home/run/rectify.pid"
    ) </dev/null >>"$log" 2>&1 9<&- &
    child=$!
    until [ -e "$home/run/rectify.pid" ]; do
        if ! kill -0 "$child" 2>/dev/null; then
            tail -c "+$((was + 1))" "$log" | tail -n 20 >&2
            refuse "没有启动成功，原因见上，全文见 / could not start, see above and $log"
        fi
        sleep 0.2
    done
fi

address=$(load_environment "$home"; echo "$TRACKER_ADDRESS")
say "已启动，请在浏览器打开 / started, open in a browser: http://$address/"
case $address in
    0.0.0.0:*) say "（其他电脑上把 0.0.0.0 换成本机的 IP 地址 / from other machines with the address of this one）" ;;
esac
"$here/rectify" setup-code
