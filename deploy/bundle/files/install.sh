#!/bin/sh
# Install without a network, or bring an installation to this version: ./install.sh [--no-service] [FOLDER]
#
# Everything lies in FOLDER: releases/ (the program, one folder a version), current (which of them runs), data/,
# backups/, logs/. The old version goes on running until the new one is ready, and stays when anything fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/settings.sh"
{ read -r version; read -r platform; read -r pythons; } <"$here/VERSION"

step() { say "· $*"; }

read_arguments() {
    service=yes home= told="用法 / usage: ./install.sh [--no-service] [文件夹 / FOLDER]"
    for argument; do
        case $argument in
            --no-service) service=no ;;
            -*) usage "$told" "$argument" ;;
            *) [ -z "$home" ] || usage "$told"; home=$argument ;;
        esac
    done
    if [ "$(id -u)" != 0 ] || [ ! -d /run/systemd/system ]; then
        service=no
    fi
    if [ -z "$home" ]; then
        if [ "$(id -u)" = 0 ]; then home=/opt/rectify; else home=$HOME/rectify; fi
    fi
    case $home in
        *\'* | *'
'*) refuse "文件夹名称中不能有引号和换行 / no quotes or line ends in the name of the folder" ;;
    esac
    mkdir -p "$home" || refuse "不能建立文件夹 / cannot make the folder: $home"
    home=$(cd "$home" && pwd -P)
    case $home/ in
        "$here"/*) refuse "不能安装到安装包解压出的文件夹里，请另选一个 / not into the folder of the unpacked archive, name another one: $home" ;;
    esac
    [ -w "$home" ] || refuse "没有写入权限 / no right to write in: $home"
    # What is there stays what it is.
    [ ! -e "$home/rectify.env" ] || service=no
    if [ "$service" = no ]; then
        ! is_service "$home" || refuse "这里已安装为系统服务，请用 root 运行，不加 --no-service / installed as a service here: run as root, without --no-service"
        return 0
    fi
    case $home in
        *[!A-Za-z0-9/._-]*) refuse "安装为系统服务时，文件夹名称只能用字母、数字和 . _ - / as a service the folder's name may hold letters, digits and . _ - only" ;;
    esac
    [ ! -e "$UNIT_FOLDER/rectify-web.service" ] || is_service "$home" || refuse "系统服务已安装在另一个文件夹 / the services are installed in another folder: $UNIT_FOLDER/rectify-web.service"
}

# The first Python of those that wheels are here for.
find_python() {
    for name in $(printf 'python%s ' $pythons) python3; do
        found=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        case " $pythons " in
            *" $found "*) python=$(command -v "$name"); return 0 ;;
        esac
    done
    wanted=$(printf '%s' "$pythons" | sed 's/ / 或 /')
    refuse "没有找到 Python $wanted。请先安装其中一个（含 venv），例如 apt-get install python3.11 python3.11-venv，
或由系统厂商的软件源、离线 rpm/deb 包安装；系统自带的 Python 不要替换，可并存。
No Python $pythons was found: install one of them with venv, beside that of the system."
}

check_machine() {
    "$python" "$here/check.py" >&2 || refuse "安装包已损坏或被改动（见上面的文件名），没有安装。请重新复制，并与 SHA256SUMS 核对。
The archive is damaged or was changed (files above), nothing was installed: copy it again."
    machine="linux-$(uname -m)"
    [ "$machine" = "$platform" ] || refuse "安装包用于 $platform，这台机器是 $machine / this archive is for $platform, this machine is $machine"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || refuse "Python $found 缺少 venv 或 ensurepip，请先安装，例如 apt-get install python$found-venv
Python $found lacks venv or ensurepip: install them first"
    "$python" -c 'import platform, sys
name, told = platform.libc_ver()
sys.exit(name == "glibc" and tuple(map(int, told.split(".")[:2])) < (2, 28))' || refuse "系统的 glibc 低于 2.28，不能使用这个安装包 / glibc is older than 2.28, this archive cannot be used"
    "$python" -c 'import sqlite3, ssl' 2>/dev/null || refuse "Python $found 缺少 sqlite3 或 ssl 模块 / Python $found lacks sqlite3 or ssl"
}

# The program and its libraries in a folder of their own, which bears its name only when it is whole.
place_release() {
    release="$home/releases/$version-py$found"
    [ ! -e "$release/VERSION" ] || { step "程序已在 / the program is there already: $release"; return 0; }
    step "安装程序 / installing the program: $release"
    rm -rf "$release"
    mkdir -p "$home/releases"
    umask 022
    cp -R "$here/program" "$release"
    for name in settings.sh rectify start.sh stop.sh backup.sh; do cp "$here/$name" "$release/"; done
    cp "$here"/*.docx "$release/"
    "$python" -m venv "$release/.venv"
    PIP_CONFIG_FILE=/dev/null "$release/.venv/bin/python" -m pip --isolated install --quiet --disable-pip-version-check \
        --no-index --find-links "$here/wheels" --only-binary :all: --require-hashes --requirement "$release/requirements.lock" ||
        refuse "程序库没有装好，原因见上，没有改动原有版本 / the libraries could not be installed, see above; what there was is as it was"
    (cd "$release" && .venv/bin/python -m compileall -q tracker migrations config.py wsgi.py)
    # However the archive was unpacked, who serves may read it and not write.
    chmod -R a+rX,go-w "$release"
    cp "$here/VERSION" "$release/.VERSION"
    give "$home/releases" "$release"
    mv "$release/.VERSION" "$release/VERSION"
}

make_user() {
    id "$SERVICE_USER" >/dev/null 2>&1 && return 0
    step "建立系统用户 / making the user: $SERVICE_USER"
    useradd --system --user-group --home-dir "$home/data" --no-create-home --shell /usr/sbin/nologin "$SERVICE_USER"
}

check_user() {
    runuser -u "$SERVICE_USER" -- "$release/.venv/bin/python" -c '' 2>/dev/null && return 0
    rm -rf "$release"
    refuse "用户 $SERVICE_USER 不能运行 $python（例如它在 /root 下），请把 Python 或程序装到大家可读的位置
The user $SERVICE_USER cannot run $python, as when it lies below /root"
}

# A service writes nothing but data and backups.
make_folders() {
    for name in data backups run logs; do
        [ -d "$home/$name" ] || { mkdir -m 700 "$home/$name"; give "$home/data" "$home/$name"; }
    done
    : >>"$home/logs/upgrade.log"
    give "$home/logs" "$home/logs/upgrade.log"
    [ "$service" = no ] || chown "$SERVICE_USER:$SERVICE_USER" "$home/data" "$home/backups"
}

# Never written over: it is the office's own.
write_environment() {
    if [ "$service" = yes ]; then environment=/etc/rectify.env; else environment="$home/rectify.env"; fi
    [ ! -e "$environment" ] || return 0
    (
        umask 077
        cat >"$environment" <<END
# 整改台账的设置，改后重新启动生效；值写在单引号内。 Settings; start again after a change; values in single quotes.
TRACKER_DATA_DIR='$home/data'
# 每日自动备份写入的文件夹；最好在另一块盘上，系统服务还要放行，见 current/docs/installing.md
# where the daily backups go, better on another disk; services must be let there: current/docs/installing.md
TRACKER_BACKUP_DIR='$home/backups'
# 只供本机使用时写 127.0.0.1:8000 / for this machine alone: 127.0.0.1:8000
TRACKER_ADDRESS='0.0.0.0:8000'
# 使用 PostgreSQL（请在录入数据前选定）/ a PostgreSQL database, before anything is entered
#TRACKER_DATABASE_URL='postgresql://用户:密码@主机/rectify'
# 经 HTTPS 反向代理访问（上面的地址改成 127.0.0.1:8000）/ behind a proxy that speaks HTTPS, at 127.0.0.1:8000 above
#TRACKER_HTTPS='1'
#TRACKER_PROXIES='1'
END
        # The journal of a service is kept short by the system; a file of our own by writing little into it.
        [ "$service" = yes ] || echo "TRACKER_LOG_LEVEL='WARNING'" >>"$environment"
    )
    [ "$service" = no ] || chgrp "$SERVICE_USER" "$environment"
    [ "$service" = no ] || chmod 640 "$environment"
}

install_units() {
    step "安装系统服务 / installing the service units: $UNITS"
    for unit in $UNITS; do
        sed "s,/opt/rectify,$home,g" "$release/deploy/systemd/$unit" >"$UNIT_FOLDER/$unit"
    done
    systemctl daemon-reload
    # shellcheck disable=SC2086
    systemctl enable --quiet $UNITS
}

# Whether this version knows the database; one that a newer version has upgraded is told before anything is made.
check_database() {
    [ -n "$old" ] || return 0
    (exec_flask "$home" "$release" db current) >"$home/logs/upgrade.log" 2>&1 && return 0
    tail -n 20 "$home/logs/upgrade.log" >&2
    refuse "没有改动，原版本不受影响 / nothing was changed, the old version is as it was"
}

# What there is, kept before the new version touches it.
save_before() {
    [ -n "$old" ] || return 0
    saved="$home/backups/before-$version-$(date +%Y%m%d-%H%M%S).backup"
    step "升级前备份 / a backup before the upgrade: $saved"
    (exec_flask "$home" "$old" backup "$saved") >/dev/null || refuse "备份没有成功，没有升级，原版本不受影响 / no backup, so no upgrade; the old version is as it was"
}

upgrade_database() {
    step "建立或升级数据库 / making or upgrading the database"
    (exec_flask "$home" "$release" db upgrade) >"$home/logs/upgrade.log" 2>&1 && return 0
    tail -n 20 "$home/logs/upgrade.log" >&2
    [ -z "$old" ] || say "原版本没有动，备份在 / the old version was left as it is, the backup is $saved" >&2
    refuse "数据库没有升级成功，没有切换版本 / the database was not upgraded, the version was not changed"
}

switch_to() {
    ln -sfn "releases/${1##*/}" "$home/.current"
    mv -Tf "$home/.current" "$home/current"
    for name in settings.sh rectify start.sh stop.sh backup.sh; do ln -sfn "current/$name" "$home/$name"; done
}

restart() {
    if [ "$service" = yes ]; then
        # shellcheck disable=SC2086
        systemctl restart $UNITS
    elif [ -n "$was_running" ]; then
        "$home/stop.sh" && "$home/start.sh"
    fi
}

go_back() {
    switch_to "$old"
    "$home/start.sh" >&2 || true
    refuse "新版本没有启动成功，已换回原版本；如原版本也不能启动，请按《安装与使用说明》恢复 / the new version did not start, the old one is back; if it does not start either, restore: $saved"
}

# This version and the one before it.
forget_older() {
    for each in "$home"/releases/*/; do
        each=${each%/}
        if [ "$each" != "$release" ] && [ "$each" != "$old" ]; then rm -rf "$each"; fi
    done
}

read_arguments "$@"
find_python
check_machine
old= saved=
[ ! -e "$home/current/VERSION" ] || { old=$(cd "$home/current" && pwd -P); owner_of "$home" >/dev/null; }
was_running=$(running "$home" || true)
place_release
[ "$service" = no ] || { make_user; check_user; }
make_folders
write_environment
check_database
[ "$old" = "$release" ] || save_before
upgrade_database
switch_to "$release"
[ "$service" = no ] || install_units
restart || { [ -z "$old" ] || go_back; refuse "没有启动成功 / could not start"; }
[ "$old" = "$release" ] || forget_older
say
say "安装完成 / installed: $version"
if [ "$service" = yes ]; then
    say "已安装为系统服务，开机自动启动 / runs as a service, also after a restart of the machine: $UNITS"
    "$home/start.sh"
else
    [ -n "$was_running" ] || say "没有安装系统服务，请用这条命令启动 / no service was installed, start it with: $home/start.sh"
fi
