package vyos

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// command is one `set` command: the path to a node, and the value if the node
// is a leaf that takes one.
type command struct {
	path  []string
	tags  tags
	value string // "" for a tag node and for a leaf without value
}

// tags say which words of a path are tags, names that a user chose, and not
// names of nodes: bit i is word i.
type tags uint64

func (t tags) has(i int) bool { return t&(1<<i) != 0 }

// line is the command as `show configuration commands` prints it: names and
// tags bare, a value in single quotes.
func (c command) line() (string, error) {
	words := append([]string{"set"}, c.path...)
	for _, w := range words {
		if !bare(w) {
			return "", fmt.Errorf("%q cannot be a word of a path", w)
		}
	}
	if c.value != "" {
		v, err := quote(c.value)
		if err != nil {
			return "", err
		}
		words = append(words, v)
	}
	return strings.Join(words, " "), nil
}

// notStorable are the characters that the configuration store refuses in a
// value, however they are written: quotes (the store's own check), and control
// characters, which do not survive a save. A backslash is stored, but printed
// doubled, so that the running configuration would differ from ours for ever.
func notStorable(r rune) bool {
	return r == '\'' || r == '"' || r == '\\' || r < ' ' || r == 0x7f
}

// storable reports whether VyOS keeps a text as it is.
func storable(s string) bool { return !strings.ContainsFunc(s, notStorable) }

// quote writes a value. Nothing is special between single quotes, and what
// would end them cannot be stored.
func quote(s string) (string, error) {
	if !storable(s) {
		return "", fmt.Errorf("%q cannot be stored by VyOS", s)
	}
	return "'" + s + "'", nil
}

// bare reports whether a name or tag stands for itself without quotes, in the
// command line of VyOS as in any shell.
func bare(s string) bool {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./!*-"
	return s != "" && strings.Trim(s, plain) == ""
}

// config collects commands.
type config struct{ commands []command }

// root is the top of the configuration.
func (c *config) root() node { return node{config: c} }

// node is a place in the configuration.
type node struct {
	config *config
	path   []string
	tags   tags
}

// at is a node further down: first fixed words, divided by spaces, then tags.
func (n node) at(words string, names ...string) node {
	fixed := strings.Fields(words)
	t := n.tags
	for i := range names {
		t |= 1 << (len(n.path) + len(fixed) + i)
	}
	return node{n.config, slices.Concat(n.path, fixed, names), t}
}

// named is a node further down: fixed words, among which NAME is a tag.
func (n node) named(words, name string) node {
	before, after, _ := strings.Cut(words, "NAME")
	return n.at(before, name).at(after)
}

// leaf gives a leaf its value; a second one of the same path is another value
// of it. An empty value is none.
func (n node) leaf(words, value string) {
	if value != "" {
		n.at(words).value(value)
	}
}

// value gives the leaf that a node is a value.
func (n node) value(v string) {
	n.config.commands = append(n.config.commands, command{n.path, n.tags, v})
}

// number is leaf for a number; zero is none.
func (n node) number(words string, value int) {
	if value != 0 {
		n.leaf(words, strconv.Itoa(value))
	}
}

// here makes the node itself: a tag, or a leaf without value.
func (n node) here() {
	n.config.commands = append(n.config.commands, command{path: n.path, tags: n.tags})
}

// sorted puts commands in the order in which VyOS prints them: level by level,
// numbers by value. Values of one leaf keep their order, which has a meaning. Each
// is there once: to set what is there already is an error to VyOS, and a network
// may be named and written as a subnet.
func (c *config) sorted() []command {
	var once []command
	for _, k := range slices.SortedStableFunc(slices.Values(c.commands), func(a, b command) int {
		return slices.CompareFunc(a.path, b.path, compareWords)
	}) {
		if !contains(once, k) {
			once = append(once, k)
		}
	}
	return once
}

// contains reports whether a command is among the last ones, those of its path.
func contains(commands []command, k command) bool {
	for i := len(commands) - 1; i >= 0 && slices.Equal(commands[i].path, k.path); i-- {
		if commands[i].value == k.value {
			return true
		}
	}
	return false
}

// compareWords compares digits within words as numbers: eth9 before eth10.
func compareWords(a, b string) int {
	return cmp.Or(compareNumbers(a, b), cmp.Compare(a, b))
}

func compareNumbers(a, b string) int {
	for a != "" && b != "" {
		na, ra := leadingNumber(a)
		nb, rb := leadingNumber(b)
		if na != "" && nb != "" {
			if c := cmp.Or(cmp.Compare(len(na), len(nb)), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			a, b = ra, rb
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// leadingNumber splits a number off, without its leading zeros.
func leadingNumber(s string) (number, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	digits := s[:len(s)-len(rest)]
	if digits == "" {
		return "", s
	}
	return strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:], rest
}
