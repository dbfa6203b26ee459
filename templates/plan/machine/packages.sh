# ---- Debian packages ----
#
# A list has the name of a package in each line. Nothing is ever removed or upgraded.

missing_packages() { # LIST
  local package
  grep -v '^#' "$1" | while read -r package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# install_packages LIST: asks the archive only if something is missing.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$1")
  ((${#missing[@]} > 0)) || return 0
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=600 update
  apt-get -q -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends -- "${missing[@]}"
}
