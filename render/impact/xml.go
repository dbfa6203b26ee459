package impact

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// canonicalXML writes an XML document so that two that libvirt reads alike are
// equal: without comments and indentation, attributes sorted, and elements too
// unless they are of the same name, where the order counts: the first disk is
// vda, the first boot device is tried first.
func canonicalXML(text string) (string, bool) {
	d := xml.NewDecoder(strings.NewReader(text))
	root := &element{}
	stack := []*element{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.String(), len(stack) == 1
		}
		if err != nil {
			return "", false
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: qualified(t.Name), attributes: t.Copy().Attr}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += strings.TrimSpace(string(t))
		}
	}
}

type element struct {
	name, text string
	attributes []xml.Attr
	children   []*element
}

func (e *element) String() string {
	var b strings.Builder
	b.WriteString("<" + e.name)
	slices.SortFunc(e.attributes, func(a, b xml.Attr) int { return strings.Compare(qualified(a.Name), qualified(b.Name)) })
	for _, a := range e.attributes {
		b.WriteString(" " + qualified(a.Name) + "=")
		xml.EscapeText(&b, []byte(a.Value))
	}
	b.WriteString(">")
	xml.EscapeText(&b, []byte(e.text))
	slices.SortStableFunc(e.children, func(a, b *element) int { return strings.Compare(a.name, b.name) })
	for _, c := range e.children {
		b.WriteString(c.String())
	}
	b.WriteString("</>")
	return b.String()
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
