#!/bin/sh
# Installs the system libraries that Qt needs and a font that has Korean; `system.sh test` also
# installs what the tests of the real window need. Asks for nothing that is there already.
set -eu
cd "$(dirname "$0")/../.."
[ "$(uname)" = Linux ] || exit 0
. resources/setup/apt.sh

# The loader itself says what is missing, for each plugin that may open the window.
missing_libraries() {
    qt=$(.venv/bin/python -c 'import PySide6; print(PySide6.__path__[0])')/Qt
    ldd "$qt"/lib/libQt6Widgets.so.6 "$qt"/lib/libQt6Svg.so.6 \
        "$qt"/plugins/platforms/libqxcb.so "$qt"/plugins/platforms/libqoffscreen.so \
        "$qt"/plugins/platforms/libqwayland*.so 2>/dev/null |
        sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u
}

package_of() {
    case $1 in
        libdbus-1.so.3) echo libdbus-1-3 ;;
        libEGL.so.1) echo libegl1 ;;
        libfontconfig.so.1) echo libfontconfig1 ;;
        libfreetype.so.6) echo libfreetype6 ;;
        libGL.so.1 | libGLX.so.0) echo libgl1 ;;
        libglib-2.0.so.0 | libgthread-2.0.so.0) echo libglib2.0-0 ;;
        libwayland-client.so.0) echo libwayland-client0 ;;
        libwayland-cursor.so.0) echo libwayland-cursor0 ;;
        libwayland-egl.so.1) echo libwayland-egl1 ;;
        libX11.so.6) echo libx11-6 ;;
        libX11-xcb.so.1) echo libx11-xcb1 ;;
        libxcb.so.1) echo libxcb1 ;;
        libxcb-icccm.so.4) echo libxcb-icccm4 ;;
        libxcb-util.so.1) echo libxcb-util1 ;;
        libxcb-*.so.0 | libxcb-*.so.1) echo "${1%.so.*}${1##*.}" ;;
        libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
        libxkbcommon.so.0) echo libxkbcommon0 ;;
        libzstd.so.1) echo libzstd1 ;;
        *) echo "The window also needs $1; install what has it." >&2 ;;
    esac
}

has_font_for() {
    command -v fc-list >/dev/null && [ -n "$(fc-list ":lang=$1" family)" ]
}

packages=
for library in $(missing_libraries); do
    packages="$packages $(package_of "$library")"
done
command -v fc-list >/dev/null || packages="$packages fontconfig"
has_font_for en || packages="$packages fonts-dejavu-core"
has_font_for ko || packages="$packages fonts-nanum"
if [ -n "$packages" ]; then
    # shellcheck disable=SC2046,SC2086 # a list of words; two libraries may come in one package
    apt_install "the window" $(printf '%s\n' $packages | sort -u)
fi

if [ "${1:-}" = test ]; then
    packages=
    command -v Xvfb >/dev/null || packages="$packages xvfb"
    command -v xdotool >/dev/null || packages="$packages xdotool"
    if [ -n "$packages" ]; then
        # shellcheck disable=SC2086
        apt_install "the tests of the real window" $packages
    fi
fi
