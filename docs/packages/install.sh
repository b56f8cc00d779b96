#!/bin/sh
# Installs the latest release of scan for Linux or macOS, without root, after a check of its SHA-256.
#
#   sh install.sh [--version VERSION] [--to FOLDER]
#
#   --version VERSION  this release instead of the latest, such as 0.1.0
#   --to FOLDER        where the program goes (default: $SCAN_INSTALL_DIR, otherwise ~/.local/bin)
#
# It installs the program as scan and as aws-auto-inventory. A program scan of another package stays as it is.
# SCAN_RELEASES is the address of other releases, such as those of a mirror.
set -eu

# A release has its own address here.
releases=${SCAN_RELEASES:-@RELEASES@}
folder=${SCAN_INSTALL_DIR:-${HOME:-}/.local/bin}
version=latest

fail() {
    echo "install: $*" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
    --version | --to) [ $# -gt 1 ] || fail "$1 needs a value" ;;
    *) fail "unknown option $1: there are --version and --to" ;;
    esac
    case $1 in
    --version) version=${2#v} ;;
    --to) folder=$2 ;;
    esac
    shift 2
done
case $releases in
http://* | https://* | file://*) ;;
*) fail "this copy belongs to no release: download install.sh from one, or set SCAN_RELEASES to the address of the releases" ;;
esac

# The static program for all Linux systems: it does not depend on their C library.
case $(uname -s)-$(uname -m) in
Linux-x86_64 | Linux-amd64) target=x86_64-unknown-linux-musl ;;
Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
Darwin-arm64) target=aarch64-apple-darwin ;;
Darwin-x86_64) target=x86_64-apple-darwin ;;
*) fail "there is no program for $(uname -s) on $(uname -m): build it with 'cargo install --locked aws-auto-inventory'" ;;
esac
if [ "$version" = latest ]; then
    address=$releases/latest/download
else
    address=$releases/download/v$version
fi

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget --quiet --tries=3 --output-document="$2" "$1"
    else
        fail "there is neither curl nor wget: install one of them"
    fi || fail "cannot download $1"
}

sum() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        fail "there is neither sha256sum nor shasum: install one of them"
    fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
name=aws-auto-inventory-$target
fetch "$address/$name.tar.gz" "$work/$name.tar.gz"
fetch "$address/SHA256SUMS" "$work/SHA256SUMS"
wanted=$(awk -v file="$name.tar.gz" '$2 == file || $2 == "*" file { print $1 }' "$work/SHA256SUMS")
[ -n "$wanted" ] || fail "SHA256SUMS of the release has no $name.tar.gz"
found=$(sum "$work/$name.tar.gz")
[ "${found%% *}" = "$wanted" ] ||
    fail "$name.tar.gz has the SHA-256 ${found%% *} instead of $wanted: nothing was installed"

tar -xzf "$work/$name.tar.gz" -C "$work"
mkdir -p "$folder"
# Renamed inside the folder, so that a program that is running is replaced, not changed.
cp "$work/$name/scan" "$folder/.aws-auto-inventory.new"
chmod 755 "$folder/.aws-auto-inventory.new"
mv -f "$folder/.aws-auto-inventory.new" "$folder/aws-auto-inventory"
if [ ! -e "$folder/scan" ] || [ "$(readlink "$folder/scan" || true)" = aws-auto-inventory ]; then
    ln -sf aws-auto-inventory "$folder/scan"
    names="scan and aws-auto-inventory"
else
    names="aws-auto-inventory ($folder/scan is another program)"
fi
echo "Installed $("$folder/aws-auto-inventory" --version) in $folder as $names"
case :$PATH: in
*:"$folder":*) ;;
*) echo "Add $folder to your PATH to run it by its name" ;;
esac
