package php

import "strings"

// quote writes a value of php-fpm's configuration. Its reader is that of
// php.ini (parse_ini_file(3), INI_SCANNER_NORMAL), which takes bare words for
// constants of PHP: E_ALL is 32767, null is nothing. Within double quotes
//   - the quote ends the value,
//   - the backslash takes the meaning from a character that follows,
//   - the dollar sign with a brace, "${HOME}", asks for the environment.
//
// A backslash before each makes it plain. An empty value is refused even in
// quotes; a lone dollar sign stands for it, as that asks for the variable
// without a name, which cannot be set.
func quote(s string) string {
	if s == "" {
		return `"$"`
	}
	return `"` + escapes.Replace(s) + `"`
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`)

// unwritable says why a value cannot be in the file, however it is quoted:
// these are done to it after it has been read (fpm_conf.c, fpm_env.c). The
// schema has already refused line breaks, at which the reader splits the file.
func unwritable(value string) string {
	switch {
	case strings.HasPrefix(value, "$"):
		return "one that begins with a dollar sign names a variable of its own environment"
	case strings.Contains(value, "$pool"):
		return "it puts the name of the pool in the place of $pool"
	}
	return ""
}
