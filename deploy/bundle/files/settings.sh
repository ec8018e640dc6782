# Read by the scripts beside it: where things lie, the environment, and who runs the program.
# shellcheck shell=sh

SERVICE_USER=rectify
UNIT_FOLDER=/etc/systemd/system
UNITS="rectify-web.service rectify-scheduler.service"

say() { printf '%s\n' "$*"; }
refuse() { printf '%s\n' "$*" >&2; exit 1; }

# The folder of the installation, called by a link in it or from the release itself.
home_of() {
    folder=$(cd "$(dirname "$1")" && pwd -P) || exit 1
    [ -e "$folder/current/VERSION" ] || folder=${folder%/releases/*}
    [ -e "$folder/current/VERSION" ] || refuse "这里还没有安装，请先运行 ./install.sh / not installed here, run ./install.sh first: $folder"
    printf '%s\n' "$folder"
}

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
}

# Become a command, as whoever owns the data of an installation; the first argument is its folder.
exec_in() {
    umask 077
    load_environment "$1"
    owner=$(stat -c %U "$1/data")
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
    exec_in "$home" "$release/.venv/bin/python" -P -m flask --app "$release/wsgi.py" "$@"
}

# Whether a process is the one that serves.
is_serving() { grep -qs tracker.cli.serve "/proc/$1/cmdline"; }

# The number of the process that serves, when it really is ours.
running() {
    [ -r "$1/run/rectify.pid" ] || return 1
    read -r pid <"$1/run/rectify.pid" || return 1
    is_serving "$pid" || return 1
    printf '%s\n' "$pid"
}
