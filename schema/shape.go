package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// shape is a schema in the form that values are compared with. Our schema needs
// few keywords of JSON Schema; a general validator takes longer to read it than a
// small stack takes for all the rest. The tests compare the two.
type shape struct {
	raw map[string]any // as it is written, for the words of a finding

	ref        *shape
	types      []string
	enum       []any
	properties map[string]*shape
	others     *shape // of all other properties
	closed     bool   // there are no other properties
	names      *shape // of the names of properties
	items      *shape
	required   []string
	excluded   []string // not all of these properties
	unique     bool
	limits     []limit
	pattern    func(string) bool
	format     func(any) bool
}

// limit is a keyword that bounds a number, a length or a count.
type limit struct {
	keyword string
	bound   float64
}

// compiled is the schema twice: as a shape, and as plain JSON for looking up what
// a finding needs to say.
type compiled struct {
	shape *shape
	raw   any
}

// compile is done once a process.
var compile = sync.OnceValues(func() (compiled, error) { return compileText(Text) })

// compileText compiles a schema.
func compileText(text []byte) (compiled, error) {
	var raw map[string]any
	if err := json.Unmarshal(text, &raw); err != nil {
		return compiled{}, err
	}
	c := compiler{raw: raw, defs: map[string]*shape{}, patterns: map[string]func(string) bool{}, formats: formats()}
	s := c.shape(raw)
	return compiled{s, raw}, c.err
}

// compiler makes shapes of a schema and keeps the first error.
type compiler struct {
	raw      map[string]any
	defs     map[string]*shape
	patterns map[string]func(string) bool
	formats  map[string]func(any) bool
	err      error
}

// annotations are the keywords that say nothing about values.
const annotations = " $schema $id $defs title description default "

func (c *compiler) shape(v any) *shape {
	raw, ok := v.(map[string]any)
	if !ok {
		c.fail("%v is not a schema", v)
		return nil
	}
	s := &shape{raw: raw}
	c.fill(s)
	return s
}

func (c *compiler) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

// fill reads all keywords. One that is not known would be a promise that nobody
// keeps, so it is an error.
func (c *compiler) fill(s *shape) {
	for keyword, v := range s.raw {
		switch keyword {
		case "$ref":
			s.ref = c.def(v.(string))
		case "type":
			s.types = typesOf(s.raw)
		case "enum":
			s.enum = v.([]any)
		case "properties":
			s.properties = map[string]*shape{}
			for name, p := range v.(map[string]any) {
				s.properties[name] = c.shape(p)
			}
		case "additionalProperties":
			if s.closed = v == false; !s.closed {
				s.others = c.shape(v)
			}
		case "propertyNames":
			s.names = c.shape(v)
		case "items":
			s.items = c.shape(v)
		case "required":
			s.required = texts(v)
		case "not":
			s.excluded = texts(v.(map[string]any)["required"])
		case "uniqueItems":
			s.unique = v == true
		case "minimum", "maximum", "minLength", "maxLength", "minItems", "minProperties", "maxProperties":
			s.limits = append(s.limits, limit{keyword, v.(float64)})
		case "pattern":
			s.pattern = c.pattern(v.(string))
		case "format":
			if s.format = c.formats[v.(string)]; s.format == nil {
				c.fail("there is no format %q", v)
			}
		default:
			if !strings.Contains(annotations, " "+keyword+" ") {
				c.fail("the keyword %q is not known", keyword)
			}
		}
	}
}

// def is the shape of a definition; it may refer to itself.
func (c *compiler) def(ref string) *shape {
	name := strings.TrimPrefix(ref, "#/$defs/")
	if s := c.defs[name]; s != nil {
		return s
	}
	defs, _ := c.raw["$defs"].(map[string]any)
	raw, ok := defs[name].(map[string]any)
	if !ok {
		c.fail("there is no definition %q", ref)
		return nil
	}
	s := &shape{raw: raw}
	c.defs[name] = s
	c.fill(s)
	return s
}

// pattern compiles an expression when it is first needed: most are not.
func (c *compiler) pattern(text string) func(string) bool {
	if c.patterns[text] == nil {
		re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
		c.patterns[text] = func(s string) bool { return re().MatchString(s) }
	}
	return c.patterns[text]
}

func texts(v any) (list []string) {
	items, _ := v.([]any)
	for _, item := range items {
		list = append(list, item.(string))
	}
	return list
}
