# ---- how secrets stand in files ----
#
# encode ENCODING NAME leaves in ENCODED how the value of a secret is written where its
# place holder stands, such that it cannot end the text around it. What that kind of
# file cannot hold is refused: it returns 1 and says why in PROBLEM.

# encode ENCODING NAME: leaves the value in ENCODED as it must stand in a file of
# that kind, so that it cannot end the text around it.
encode() {
  local value=${SECRET[$2]}
  case $1 in
    sql) encode_sql "$value" ;;
    ini) encode_ini "$value" ;;
    pem) encode_pem "$value" ;;
    pem-body) encode_pem "$value" && encode_pem_body ;;
    key) encode_key "$value" ;;
    vyos) encode_vyos "$value" ;;
    swanctl) ENCODED=0s$(printf '%s' "$value" | base64 --wrap=0) ;;
    environment) encode_environment "$value" ;;
    line) encode_line "$value" ;;
    text) ENCODED=$value ;;
    word) encode_word "$value" ;;
    crypt) encode_crypt "$value" ;;
    *) die "unknown encoding $1" ;;
  esac
}

# Within the single quotes of SQL the backslash and the quote are special.
encode_sql() {
  local value=${1//\\/\\\\}
  ENCODED=${value//\'/"\\'"}
}

# Within the double quotes of php-fpm.conf the backslash, the quote and the dollar
# are special. A line break would end the value, and php-fpm has no way to write
# a dollar in front or the text $pool.
encode_ini() {
  if [[ $1 == *[[:cntrl:]]* ]]; then
    PROBLEM='it has a line break or another control character, which php-fpm cannot read'
    return 1
  fi
  # shellcheck disable=SC2016 # the text itself
  if [[ $1 == '$'* || $1 == *'$pool'* ]]; then
    PROBLEM='it begins with $ or has $pool in it, which php-fpm replaces'
    return 1
  fi
  local value=${1//\\/\\\\}
  value=${value//\"/'\"'}
  ENCODED=${value//\$/'\$'}
}

# Within the double quotes of an environment file of systemd the backslash, the quote,
# the dollar and the backtick are special (systemd.exec(5), EnvironmentFile=).
encode_environment() {
  encode_line "$1" || return
  local value=${1//\\/\\\\}
  value=${value//\"/'\"'}
  value=${value//\$/'\$'}
  ENCODED=${value//\`/'\`'}
}

# What runs to the end of its line.
encode_line() {
  ENCODED=$1
  [[ $1 == *[[:cntrl:]]* ]] || return 0
  PROBLEM='it has a line break or another control character, which a variable here cannot hold'
  return 1
}

# What is a word of a command needs nothing around it.
encode_word() {
  ENCODED=$1
  [[ $1 =~ ^[A-Za-z0-9_-]{1,100}$ ]] && return
  PROBLEM='it is not of letters, digits, - and _ alone, at most 100'
  return 1
}

# The hash of a password, as all releases of VyOS take it.
encode_crypt() {
  ENCODED=$1
  [[ $1 =~ ^\$(5\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}|6\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86})$ ]] && return
  PROBLEM='it is not a hash as mkpasswd --method=sha-512 prints it'
  return 1
}

# The text from BEGIN to END. What certificate tools print around it is dropped.
encode_pem() {
  local line inside='' blocks=0
  ENCODED=''
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [[ $line == '-----BEGIN '*'-----' ]]; then inside=yes && blocks=$((blocks + 1)); fi
    if [[ -n $inside ]]; then ENCODED+=$line$'\n'; fi
    if [[ $line == '-----END '*'-----' ]]; then inside=''; fi
  done < <(printf '%s\n' "$1")
  ENCODED=${ENCODED%$'\n'}
  ((blocks > 0)) && [[ -z $inside ]] && return
  PROBLEM='it is not in PEM form (-----BEGIN …)'
  return 1
}

# The base64 between BEGIN and END, on one line.
encode_pem_body() {
  local body
  body=$(printf '%s\n' "$ENCODED" | grep -v -e '^-----' | tr -d '\n\t ')
  if [[ $ENCODED == *-----BEGIN*-----BEGIN* || ! $body =~ ^[A-Za-z0-9+/]+=*$ ]]; then
    PROBLEM='it is not a single block of base64 in PEM form'
    return 1
  fi
  ENCODED=$body
}

# A key of WireGuard, as wg genkey and wg genpsk print it.
encode_key() {
  ENCODED=$1
  [[ $1 =~ ^[A-Za-z0-9+/]{43}=$ ]] && return
  PROBLEM='it is not a key of WireGuard: 32 bytes in base64'
  return 1
}

# What the configuration store of VyOS takes between single quotes.
encode_vyos() {
  ENCODED=$1
  [[ $1 == *[[:cntrl:]\'\"\\]* ]] || return 0
  PROBLEM='it has a quote, a backslash or a control character, which VyOS cannot store'
  return 1
}
