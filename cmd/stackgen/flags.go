package main

import (
	"fmt"
	"slices"
	"strings"
)

// formatFlag is a flag that takes one of a few words.
type formatFlag struct {
	value   string
	allowed []string
}

// String implements [pflag.Value].
func (f *formatFlag) String() string { return f.value }

// Type implements [pflag.Value].
func (f *formatFlag) Type() string { return "format" }

// Set implements [pflag.Value].
func (f *formatFlag) Set(s string) error {
	if !slices.Contains(f.allowed, s) {
		return fmt.Errorf("not one of %s", strings.Join(f.allowed, ", "))
	}
	f.value = s
	return nil
}
