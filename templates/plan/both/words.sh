# ---- the words of a plan ----
#
# What the functions of steps say in their parts files and makes, a line each: path in
# the machine's folder, owner:group, mode and target of a file that is installed; the
# path of one that is only read; kind and name of a thing.

installs() { printf '%s %s %s %s\n' "$1" "$2" "$3" "${4:-/$1}"; }

reads() { printf '%s\n' "$1"; }

thing() { printf '%s\n' "$*"; }
