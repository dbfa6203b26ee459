package locate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"stackgen/schema/internal/evaluate"
)

// programs writes Jsonnet by chance: every way that values can take from where
// they are written to the result. Texts and numbers are all different, and no
// condition looks at them, so that the law holds without exception.
type programs struct {
	*rand.Rand
	n    int
	vars map[string][]string // in scope, by kind
}

func (g *programs) next() int { g.n++; return g.n }

func (g *programs) pick(depth int, simple int, all ...func(int) string) string {
	if depth <= 0 {
		all = all[:simple]
	}
	return all[g.IntN(len(all))](depth - 1)
}

// bind makes an expression with one more variable in scope.
func (g *programs) bind(kind string, body func(name string) string) string {
	name := fmt.Sprintf("v%d", g.next())
	g.vars[kind] = append(g.vars[kind], name)
	s := body(name)
	g.vars[kind] = g.vars[kind][:len(g.vars[kind])-1]
	return s
}

func (g *programs) variable(kind, otherwise string) string {
	if v := g.vars[kind]; len(v) > 0 {
		return v[g.IntN(len(v))]
	}
	return otherwise
}

func (g *programs) condition() string {
	return []string{"true", "1 > 2", "std.length([1, 2]) == 2", "!(2 <= 3)", "true && !false", "'a' == 'b' || false", "'x' in { x: 1 }",
		"std.objectHas({ a: 1 }, 'b')", "std.startsWith('abc', 'b')"}[g.IntN(9)]
}

// wrap are the ways that do for every kind of value.
func (g *programs) wrap(kind string, make func(int) string) []func(int) string {
	return []func(int) string{
		func(d int) string { return "(if " + g.condition() + " then " + make(d) + " else " + make(d) + ")" },
		func(d int) string {
			value := make(d)
			return g.bind(kind, func(v string) string { return "(local " + v + " = " + value + "; " + make(d) + ")" })
		},
		func(d int) string {
			a, b := make(d), make(d)
			return g.bind(kind, func(v string) string {
				return fmt.Sprintf("(function(%s, other=%s) %s)(%s)", v, b, []string{v, "other", make(d)}[g.IntN(3)], a)
			})
		},
		func(d int) string {
			return fmt.Sprintf("(function(p, q) [q, p][%d])(q=%s, p=%s)", g.IntN(2), make(d), make(d))
		},
		func(d int) string { return fmt.Sprintf("{ f: %s, g: self.f }.g", make(d)) },
		func(d int) string { return fmt.Sprintf("({ f: %s } + { f: %s, g: super.f }).g", make(d), make(d)) },
		func(d int) string { return fmt.Sprintf("{ h:: %s, local l = $.h, g: { i: l } }.g.i", make(d)) },
		func(d int) string { return fmt.Sprintf("{ m(x):: x, g: self.m(%s) }.g", make(d)) },
		func(d int) string { return fmt.Sprintf("[%s, %s][%d]", make(d), make(d), g.IntN(2)) },
		func(d int) string {
			return fmt.Sprintf("std.get({ k: %s }, '%s', %s)", make(d), []string{"k", "l"}[g.IntN(2)], make(d))
		},
		func(d int) string {
			return fmt.Sprintf("std.foldl(function(a, b) b, [%s, %s], null)", make(d), make(d))
		},
		func(d int) string { return g.variable(kind, make(d)) },
	}
}

func (g *programs) text(d int) string {
	return g.pick(d, 2, append([]func(int) string{
		func(int) string { return fmt.Sprintf("'t%d'", g.next()) },
		func(int) string { return fmt.Sprint(g.next()) },
		func(d int) string { return "('a' + " + g.text(d) + ")" },
		func(d int) string { return "'%s' % [" + g.text(d) + "]" },
	}, g.wrap("text", g.text)...)...)
}

func (g *programs) object(d int) string {
	return g.pick(d, 1, append([]func(int) string{
		g.literalObject,
		func(d int) string { return "(" + g.object(d) + " + " + g.object(d) + ")" },
		func(d int) string { return g.object(d) + g.literalObject(d) },
		func(d int) string { return fmt.Sprintf("({ o: %s } + { o+: %s }).o", g.object(d), g.object(d)) },
		func(d int) string {
			return g.bind("text", func(v string) string {
				return fmt.Sprintf("{ [%s]: %s for %s in ['k%d', 'k%d'] }", v, g.value(d), v, g.next(), g.next())
			})
		},
		func(d int) string { return "std.mapWithKey(function(k, v) v, " + g.object(d) + ")" },
		func(d int) string { return "std.mergePatch(" + g.object(d) + ", " + g.object(d) + ")" },
		func(d int) string { return "std.prune(" + g.object(d) + ")" },
		func(d int) string { return "std.objectRemoveKey(" + g.object(d) + ", 'a')" },
	}, g.wrap("object", g.object)...)...)
}

func (g *programs) literalObject(d int) string {
	var fields []string
	for _, k := range []string{"a", "b", "c", "d"}[:1+g.IntN(3)] {
		sep := []string{": ", ": ", ":: ", "::: "}[g.IntN(4)]
		name := []string{k, "'" + k + "'", `"` + k + `"`, "['" + k + "']", "[if true then '" + k + "']"}[g.IntN(5)]
		fields = append(fields, name+sep+g.value(d))
	}
	return "{ " + strings.Join(fields, ", ") + " }"
}

func (g *programs) array(d int) string {
	return g.pick(d, 1, append([]func(int) string{
		func(d int) string { return "[" + g.value(d) + ", " + g.value(d) + "]" },
		func(d int) string { return "(" + g.array(d) + " + " + g.array(d) + ")" },
		func(d int) string {
			from := g.array(d)
			return g.bind("any", func(v string) string {
				return "[" + []string{v, g.value(d)}[g.IntN(2)] + " for " + v + " in " + from + " if " + g.condition() + "]"
			})
		},
		func(d int) string { return "std.map(function(x) [x], " + g.array(d) + ")" },
		func(d int) string { return "std.filter(function(x) " + g.condition() + ", " + g.array(d) + ")" },
		func(d int) string { return "std.reverse(" + g.array(d) + ")" },
		func(d int) string { return "std.flattenArrays([" + g.array(d) + ", " + g.array(d) + "])" },
		func(d int) string { return g.array(d) + "[0:1]" },
		func(d int) string { return "std.objectValues(" + g.object(d) + ")" },
		func(d int) string { return "std.makeArray(2, function(i) " + g.value(d) + ")" },
	}, g.wrap("array", g.array)...)...)
}

func (g *programs) value(d int) string {
	return g.pick(d, 1, g.text, g.text, g.object, g.object, g.array)
}

func TestLawOnRandomPrograms(t *testing.T) {
	var exact, all, ran int
	for seed := range uint64(400) {
		g := &programs{Rand: rand.New(rand.NewPCG(seed, 7)), vars: map[string][]string{}}
		program := g.object(5)
		in := evaluate.Input{File: "t.jsonnet", Importer: files(map[string]string{"t.jsonnet": program})}
		if len(program) > 20_000 {
			continue
		}
		if _, diags, err := evaluate.File(in); err != nil || diags.HasErrors() {
			continue // it refers to what is not there
		}
		ran++
		failed := t.Failed()
		e, a := checkLaw(t, in)
		exact, all = exact+e, all+a
		if t.Failed() && !failed {
			t.Fatalf("seed %d:\n%s", seed, program)
		}
	}
	t.Logf("%d programs: %d of %d positions are exact", ran, exact, all)
	if ran < 300 || exact*2 < all {
		t.Errorf("only %d programs ran, only %d of %d positions are exact", ran, exact, all)
	}
}
