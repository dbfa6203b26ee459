# ---- the tree ----
#
# check_tree ends the run before its first step unless every file is what was rendered:
# what stands in the tree runs on machines as root. Its digests are in manifest.json; who
# wants to know who made that has it signed:
#   ssh-keygen -Y sign -f KEY -n stackgen manifest.json
# and says with --require-signature whose signatures count. A signature covers this
# script too, by its digest; whether that is right, only a script that is right can say.

check_tree() {
  local wrong
  check_signature
  [[ -n $(digests) ]] || die "$HERE/manifest.json is missing or has no files in it; copy or render the whole tree"
  wrong=$(cd "$HERE" && digests | LC_ALL=C sha256sum --check --quiet --strict 2>&1) ||
    die "this tree is not what was rendered; see git diff, or render it again"$'\n'"$wrong"
}

# digests: SHA-256 and path of each file, as sha256sum(1) takes them.
digests() {
  LC_ALL=C awk '
    function value() { sub(/^[^:]*: "/, ""); sub(/",?$/, ""); gsub(/\\u0026/, "\\&"); gsub(/\\u003c/, "<"); gsub(/\\u003e/, ">"); return $0 }
    /^      "path": "/ { path = value() }
    /^      "sha256": "/ { print value() "  " path }' "$HERE/manifest.json"
}

digests_of() { digests | grep "^.\{66\}$1/" || true; } # MACHINE

check_signature() {
  local who
  [[ -n $SIGNERS ]] || return 0
  [[ -e $SIGNERS ]] || misused "--require-signature: there is no file $SIGNERS"
  [[ -e $HERE/manifest.json.sig ]] || die "$HERE/manifest.json is not signed: ssh-keygen -Y sign -f KEY -n stackgen $HERE/manifest.json"
  who=$(ssh-keygen -Y find-principals -f "$SIGNERS" -s "$HERE/manifest.json.sig" 2>/dev/null | head -n 1) || true
  if [[ -z $who ]] || ! ssh-keygen -Y verify -f "$SIGNERS" -I "$who" -n stackgen -s "$HERE/manifest.json.sig" <"$HERE/manifest.json" >/dev/null 2>&1; then
    die "$HERE/manifest.json was not signed by anybody in $SIGNERS, or was changed since"
  fi
}
