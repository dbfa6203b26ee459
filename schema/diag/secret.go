package diag

import "regexp"

// secretName matches words for what nobody should see.
var secretName = regexp.MustCompile(`(?i)passw|passphrase|secret|token|credential|private|api.?key|pwd`)

// NamesSecret reports whether a key, or one of those in a path, has a name that
// secrets are given. A finding is read by more people than the file it is about.
func NamesSecret(name string) bool { return secretName.MatchString(name) }
