# Read by the scripts beside it: where things lie, the environment, and who runs the program.
# shellcheck shell=sh

SERVICE_USER=rectify
UNIT_FOLDER=/etc/systemd/system
UNITS="rectify-web.service rectify-scheduler.service"

say() { printf '%s\n' "$*"; }
refuse() { printf '%s\n' "$*" >&2; exit 1; }

# How a script is called: the answer to --help, else a refusal. The words, then what was given.
usage() {
    case ${2:-} in -h | --help) say "$1"; exit 0 ;; esac
    printf '%s\n' "$1" >&2
    exit 2
}

# The folder of the installation, called by a link in it or from the release itself, for those who may run it: what
# others may not read looks to them as if it were not there.
home_of() {
    folder=$(cd "$(dirname "$1")" && pwd -P) || exit 1
    [ -e "$folder/current/VERSION" ] || folder=${folder%/releases/*}
    [ -e "$folder/current/VERSION" ] || refuse "这里还没有安装，请先运行 ./install.sh / not installed here, run ./install.sh first: $folder"
    if [ "$(id -u)" != 0 ] && [ -d "$folder/data" ] && [ ! -O "$folder/data" ]; then
        owner=$(owner_of "$folder")
        refuse "这套安装属于账号 $owner，请用这个账号或 root 运行 / this installation belongs to the account $owner, run it as that or as root: $folder"
    fi
    printf '%s\n' "$folder"
}

# Who owns the data of an installation, wherever they lie.
owner_of() {
    [ -d "$1/data" ] || refuse "数据文件夹不在了，请检查它所在的磁盘 / the data folder is missing, look after its disk: $1/data"
    stat -Lc %U "$1/data"
}

# As root, give what was made to the owner of something else, whom it would shut out: that, then what was made.
give() { [ "$(id -u)" != 0 ] || chown -Rh --reference="$1" "$2"; }

# As a service when the units of this very folder are installed.
is_service() { grep -qsxF "WorkingDirectory=$1/current" "$UNIT_FOLDER/rectify-web.service"; }

# A service reads the one of the machine.
environment_of() { if [ -e "$1/rectify.env" ]; then echo "$1/rectify.env"; else echo /etc/rectify.env; fi; }

load_environment() {
    file=$(environment_of "$1")
    [ -r "$file" ] || refuse "读不到 $file，请用 root 运行 / cannot read $file, run as root"
    set -a
    # shellcheck disable=SC1090
    . "$file"
    set +a
    # It would lie in the folder of the version that runs, which the upgrade after next deletes.
    case ${TRACKER_DATA_DIR:-/} in
        /*) ;;
        *) refuse "TRACKER_DATA_DIR=$TRACKER_DATA_DIR: 应写完整路径，以 / 开头 / must be a whole path that begins with /" ;;
    esac
}

# Become a command, as whoever owns the data of an installation; the first argument is its folder.
exec_in() {
    umask 077
    load_environment "$1"
    owner=$(owner_of "$1") || exit 1
    shift
    # No setting of this machine has a say in what the program is made of.
    unset PYTHONPATH PYTHONHOME
    export PYTHONDONTWRITEBYTECODE=1
    [ "$(id -u)" != 0 ] || [ "$owner" = root ] || exec runuser -u "$owner" -- "$@"
    exec "$@"
}

# Become a command of a release, such as db upgrade: the installation, the release, the words. Names of files hold
# from where one stands, which is therefore not the folder of the program.
exec_flask() {
    home=$1 release=$2
    shift 2
    # Help and refusals name the command that people have, and offer no server and no shell of Flask's own.
    command='from flask.cli import FlaskGroup
FlaskGroup(add_default_commands=False, help="整改台账 / Rectify").main(prog_name="./rectify")'
    exec_in "$home" "$release/.venv/bin/python" -P -c "$command" \
        --app "$release/wsgi.py" "$@"
}

# Whether a process, the second argument, is the one that serves an installation: none that has its number now.
is_serving() { grep -qsF "$1/run/rectify.pid" "/proc/$2/cmdline"; }

# The number of the process that serves, when it really is ours.
running() {
    [ -r "$1/run/rectify.pid" ] || return 1
    read -r pid <"$1/run/rectify.pid" || return 1
    is_serving "$1" "$pid" || return 1
    printf '%s\n' "$pid"
}
