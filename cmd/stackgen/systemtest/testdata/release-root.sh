#!/bin/bash
# usage: release-root.sh FOLDER SUITE PACKAGE...
#
# Makes FOLDER/root: a Debian of another release with the programs that tests need,
# from the archive that this machine's own apt uses. Nothing is started, and nothing
# outside FOLDER is written. The tests keep it under a name made from this script
# and its arguments.
set -euo pipefail
folder=$1 suite=$2
shift 2

# What a machine needs beyond the programs.
packages=(systemd-sysv udev dbus netbase ca-certificates less init-system-helpers "$@")

# repository CODENAME: where this machine's apt gets that from.
repository() {
  # shellcheck disable=SC2016 # words of apt
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $1" | head -1
}

here=$(. /etc/os-release && echo "$VERSION_CODENAME")
main=$(repository "$here")
security=$(repository "$here-security")
[ -n "$main" ] || { echo "apt has no source of $here" >&2; exit 1; }
sources="deb $main $suite main
deb $main $suite-updates main"
[ -z "$security" ] || sources="$sources
deb $security $suite-security main"

# What apt takes here it takes there: an archive may be an old copy.
options=()
while read -r option; do
  options+=("--aptopt=$option")
done < <(apt-config dump | grep -E '^Acquire::Check-(Valid-Until|Date) ' | sed 's/;$//')

list=$(IFS=, && echo "${packages[*]}")
mmdebstrap --mode=root --variant=minbase --skip=check/empty --include="$list" \
  --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --aptopt='Acquire::Retries "5"' "${options[@]}" "$suite" "$folder/root" - <<<"$sources"
rm -rf "$folder"/root/var/cache/apt/archives/*.deb "$folder"/root/etc/ssh/ssh_host_*
: >"$folder/root/etc/machine-id"
