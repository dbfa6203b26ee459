# ---- the command line ----
#
# read_options WORD... leaves in MODE what to do, in ONLY, FROM and HOSTS which steps
# are meant, and the other options in a variable each: empty, or yes. What it does not
# understand ends the run with exit code 64 (misused) before anything is done.

usage() {
  cat <<USAGE
Usage: apply.sh [OPTION]...

Brings the stack $STACK into being. Steps that are done already are skipped, so
running it again finishes what was left.

Which steps:
  --only STEP       only this one (machine/step, or step on all machines)
  --from STEP       this one and all after it
  --host NAME       only those of this machine
  --force           also those that have not changed
  (--only and --host can be given several times)

What to do with them:
  --list            print their names
  --dry-run         say what each does; nothing is contacted
  --plan            ask the machines that answer what it would change there:
                    files with their differences, and what stops it. Nothing
                    is changed; exit code 2 if there is something to do
  --show-code       print the commands of each; nothing is contacted
  --check-secrets   say where each secret is found
  --undo-network    put back the network as it was before the last change
  --prune           also end what has left the stack: files become what they were
                    before, services are stopped, accounts, users, domains,
                    bridges and ports go (never a disk or a database). A virtual
                    machine that moves leaves its old host before the new one
                    makes it

How:
  --local           this machine is one of the stack's: do not use ssh for it
  --accept-new      trust the SSH host key of a machine never seen before
  --replace-network replace a network configuration that has more in it than the
                    topology: other cards, addresses, routes
  --require-signature FILE
                    manifest.json must be signed by somebody in FILE, which is as
                    ssh-keygen(1) says under ALLOWED SIGNERS
  --take-over       also where somebody else is at work, whose run ends then
  --same-stack      it is the one that the machines know by this name, whatever
                    its domain and machines are now
  --yes             do not ask
  --help            this text

Secrets are taken from the environment (STACKGEN_SECRET_DB01_USER for
db01/user), else from the file \$STACKGEN_SECRETS/db01/user, which nobody else
may read, else from what \`\$STACKGEN_SECRET_COMMAND db01/user\` prints, such as
  STACKGEN_SECRET_COMMAND='pass show'
  STACKGEN_SECRET_COMMAND='f() { age -d -i ~/key.txt "secrets/\$1.age"; }; f'
  STACKGEN_SECRET_COMMAND='f() { sops -d --extract "[\\"\$1\\"]" secrets.yaml; }; f'

STACKGEN_WAIT is how many seconds a machine may take to answer (300), and
STACKGEN_UNDO_AFTER after how many a network change that is not confirmed is
undone (120). STACKGEN_SHUTDOWN is how many a guest that is removed may take to
shut down (180); it is never switched off.
USAGE
}

SIGNERS='' TAKE_OVER='' SAME_STACK=''
MODE=apply ONLY=() FROM='' HOSTS=() FORCE='' PRUNE='' IS_LOCAL='' YES='' ACCEPT_NEW='' REPLACE_NETWORK=''
RESUME=() # the words to go on with after a failure, but for --from

read_options() {
  while (($# > 0)); do
    case $1 in
      --only | --from | --host) take_name "$1" "${2-}" && shift ;;
      --list | --dry-run | --plan | --show-code | --check-secrets | --undo-network) choose_mode "${1#--}" ;;
      --force) FORCE=yes ;;
      --prune) PRUNE=yes ;;
      --local) IS_LOCAL=yes ;;
      --accept-new) ACCEPT_NEW=yes ;;
      --replace-network) REPLACE_NETWORK=yes ;;
      --require-signature) [[ -n ${2-} ]] || misused "$1 needs a file"
        SIGNERS=$2
        RESUME+=("$1" "$2")
        shift 2
        continue
        ;;
      --take-over) TAKE_OVER=yes ;;
      --same-stack) SAME_STACK=yes ;;
      --yes) YES=yes ;;
      --help) usage && exit ;;
      *) misused "unknown option $1" ;;
    esac
    if [[ $1 == --* ]]; then RESUME+=("$1"); fi # not the name of a step or machine
    shift
  done
}

# choose_mode: the last of several would win, and with --dry-run nothing shall be done.
choose_mode() { # MODE
  [[ $MODE == apply || $MODE == "$1" ]] || misused "--$MODE and --$1 are two things to do: choose one"
  MODE=$1
}

take_name() { # OPTION NAME
  [[ -n $2 && $2 != --* ]] || misused "$1 needs a name"
  case $1 in
    --only) ONLY+=("$2") ;;
    --host) HOSTS+=("$2") ;;
    --from) FROM=$2 && return ;;
  esac
  RESUME+=("$1" "$2")
}
