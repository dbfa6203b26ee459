package trial

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// element is an element of an XML document, its names with their prefixes as
// they are written.
type element struct {
	name, text string
	attributes map[string]string
	children   []*element
}

// parse reads a document; the element that it gives is around its root.
func parse(text string) (*element, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	stack := []*element{{}}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && len(stack) == 1 && len(stack[0].children) == 1 {
			return stack[0], nil
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: written(t.Name), attributes: map[string]string{}}
			for _, a := range t.Attr {
				e.attributes[written(a.Name)] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return nil, errors.New("an element ends that has not begun")
			}
		case xml.CharData:
			top.text = strings.TrimSpace(top.text + string(t))
		}
	}
}

func written(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// step matches a step of a path, condition one of its conditions. The schema of
// test files lets nothing else through.
var (
	step      = regexp.MustCompile(`/(@?)([\w.:-]+)((?:\[[^\]]*\])*)`)
	condition = regexp.MustCompile(`\[(?:(\d+)|@([\w.:-]+)='([^']*)')\]`)
)

// valuesAt are the texts at a path of a document, in their order: those of the
// elements, or of their attributes where the path ends in one.
func valuesAt(text, path string) (values []string, err error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	at := []*element{root}
	for _, m := range step.FindAllStringSubmatch(path, -1) {
		if m[1] != "" {
			return attributes(at, m[2]), nil
		}
		var next []*element
		for _, e := range at {
			next = append(next, e.named(m[2], condition.FindAllStringSubmatch(m[3], -1))...)
		}
		at = next
	}
	for _, e := range at {
		values = append(values, e.text)
	}
	return values, nil
}

// named are the children of a name that meet conditions. A number counts those
// that meet the ones before it.
func (e *element) named(name string, conditions [][]string) (found []*element) {
	for _, c := range e.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	for _, c := range conditions {
		var kept []*element
		for i, e := range found {
			if c[1] == strconv.Itoa(i+1) || c[2] != "" && e.attributes[c[2]] == c[3] {
				kept = append(kept, e)
			}
		}
		found = kept
	}
	return found
}

func attributes(of []*element, name string) (values []string) {
	for _, e := range of {
		if v, ok := e.attributes[name]; ok {
			values = append(values, v)
		}
	}
	return values
}
