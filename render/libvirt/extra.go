package libvirt

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// wellFormed says why a text is not a list of XML elements that can stand
// within <devices>; nil if it is. What the elements mean is not looked at.
func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for depth := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
			return fmt.Errorf("line %d: %s", syntax.Line, syntax.Msg)
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			if name := repeated(token.Attr); name != "" {
				return fmt.Errorf("element <%s> has two attributes %s", token.Name.Local, name)
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(token)) != "" {
				return fmt.Errorf("text %q is outside of an element", strings.TrimSpace(string(token)))
			}
		case xml.ProcInst, xml.Directive:
			return errors.New("only elements and comments can stand within <devices>")
		}
	}
}

// repeated is the name of an attribute that an element has twice, which XML
// forbids (section 3.1, unique att spec) and encoding/xml does not notice.
func repeated(attributes []xml.Attr) string {
	seen := make(map[xml.Name]bool, len(attributes))
	for _, a := range attributes {
		if seen[a.Name] {
			return a.Name.Local
		}
		seen[a.Name] = true
	}
	return ""
}

// merge puts elements of the user behind the last device. The tag that it looks
// for cannot be in any text of the domain, where "<" is written "&lt;".
func merge(domain, extra string) string {
	extra = strings.TrimSpace(extra)
	if extra == "" {
		return domain
	}
	return strings.Replace(domain, "  </devices>", "    "+extra+"\n  </devices>", 1)
}

// unprintable is the first character of a text that XML 1.0 cannot hold in any
// way, not even escaped (section 2.2), or 0. The schema has refused the control
// characters that it forbids as well.
func unprintable(s string) rune {
	for _, r := range s {
		if r == 0xFFFE || r == 0xFFFF {
			return r
		}
	}
	return 0
}
