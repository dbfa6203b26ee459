package libvirt

import (
	"encoding/xml"
	"strings"
	"testing"

	"libvirt.org/go/libvirtxml"
)

func TestWellFormed(t *testing.T) {
	tests := []struct {
		text string
		ok   bool
	}{
		{"", true},
		{"<sound model='ich9'/>", true},
		{"<a/> <!-- why --> <b><![CDATA[x]]></b>\n", true},
		{"<a x='1' y='1'/>", true},
		{"<a>", false},
		{"</devices>", false},
		{"</devices><os/><devices>", false},
		{"<a/>text", false},
		{"<a x='1' x='2'/>", false},
		{"<a x=1/>", false},
		{"<a b='<'/>", false},
		{"<?xml version='1.0'?><a/>", false},
		{"<!DOCTYPE a><a/>", false},
		{"<a>&nbsp;</a>", false},
		{"<a>]]></a>", false},
		{"<!-- -- -->", false},
		{"<!-- open", false},
		{"<a>\x01</a>", false},
		{"<x:a xmlns:x='urn:x'/>", true},
	}
	for _, tt := range tests {
		if err := wellFormed(tt.text); (err == nil) != tt.ok {
			t.Errorf("wellFormed(%q) is %v, want ok %t", tt.text, err, tt.ok)
		}
	}
}

func TestMerge(t *testing.T) {
	d := parsed(t, `{ vms+: { web01+: { description: '  </devices>', libvirt: { extraXML: '\n<sound model="ich9"/>\n<watchdog model="itco" action="reset"/>\n' } } } }`, "web01")
	if len(d.Devices.Sounds) != 1 || len(d.Devices.Watchdogs) != 1 || d.Description != "  </devices>" {
		t.Errorf("sounds %v, watchdogs %v, description %q", d.Devices.Sounds, d.Devices.Watchdogs, d.Description)
	}
}

// FuzzExtra holds the check to its law: what it accepts stays within <devices>.
func FuzzExtra(f *testing.F) {
	for _, s := range []string{"", "<a/>", "</devices><os/><devices>", "<a b='&lt;'>t</a>", "<!--x-->", "<a", "<![CDATA[x]]>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if wellFormed(s) != nil {
			t.Skip()
		}
		domain := merge("<domain>\n  <devices>\n  </devices>\n  <seclabel type='none'/>\n</domain>", s)
		var d libvirtxml.Domain
		if err := xml.Unmarshal([]byte(domain), &struct{}{}); err != nil {
			t.Fatalf("%q breaks the domain: %v", s, err)
		}
		if strings.Contains(s, "<seclabel") || d.Unmarshal(domain) != nil {
			t.Skip("the elements mean something to libvirt")
		}
		if len(d.SecLabel) != 1 {
			t.Errorf("%q moves what comes after the devices", s)
		}
	})
}
