package locate

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"
)

// libraries are what the programs below import.
var libraries = map[string]string{
	"lib.libsonnet": `{ guest(memory, os='debian-12'):: { memory: memory, os: os, list: [memory, 'x'] }, plain: { a: 'in lib' }, name:: 'n' }`,
	"data.json":     `{ "a": { "b": [1, "two"] } }`,
	"text.txt":      `hello`,
}

func TestJsonnetPositions(t *testing.T) {
	for _, tt := range []struct {
		name          string // "*" behind it: the value decides where it stands, so the law does not hold
		program, path string
		want          string // what stands there; "~" before it: it is computed there; "key:" before it: of the key
	}{
		{"literal", `{ a: { b: 'x' } }`, "/a/b", `'x'`},
		{"key", `{ a: { b: 'x' } }`, "/a/b", `key:b`},
		{"quoted key", `{ "a b": 1 }`, "/a b", `key:"a b"`},
		{"key of an object", `{ a: { b: 'x' } }`, "/a", `key:a`},
		{"object", `{ a: { b: 'x' } }`, "/a", `{ b: 'x' }`},
		{"document", `local x = 1; { a: x }`, "", `{ a: x }`},
		{"document has no key", `local x = 1; { a: x }`, "", `key:{ a: x }`},
		{"element", `{ a: ['x', 'y'] }`, "/a/1", `'y'`},
		{"element has no key", `{ a: ['x', 'y'] }`, "/a/1", `key:'y'`},
		{"negative number", `{ a: -1 }`, "/a", `-1`},
		{"text block", "{ a: |||\n  x\n  y\n||| }", "/a", "|||\n  x\n  y\n|||"},
		{"nothing there", `{ a: { b: 'x' } }`, "/a/c/d", `~{ b: 'x' }`},
		{"no such element", `{ a: ['x'] }`, "/a/1", `~['x']`},

		{"local", `local m = '4GiB'; { a: { m: m } }`, "/a/m", `'4GiB'`},
		{"local key", `local m = '4GiB'; { a: { m: m } }`, "/a/m", `key:m`},
		{"shadowed local", `local m = 'out'; { local m = 'in', a: m }`, "/a", `'in'`},
		{"local of locals", `local a = b, b = 'x'; { v: a }`, "/v", `'x'`},
		{"local that destroys nothing", `local a = { x: 1 }; local b = a { y: 2 }; { v: b }`, "/v/x", `1`},

		{"right wins", `{ a: 1 } + { a: 2 }`, "/a", `2`},
		{"left remains", `{ a: 1, b: 3 } + { a: 2 }`, "/b", `3`},
		{"brace", `local g = { a: 1 }; { v: g { a: 2 } }`, "/v/a", `2`},
		{"sum", `local g = { a: 1 }; { v: g { b: 2 } }`, "/v", `g { b: 2 }`},
		{"plus key", `{ a: { x: 1 } } + { a+: { y: 2 } }`, "/a/x", `1`},
		{"plus key, right", `{ a: { x: 1 } } + { a+: { y: 2 } }`, "/a/y", `2`},
		{"plus key, array", `{ a: [1] } + { a+: [2] }`, "/a/0", `1`},
		{"plus key, second", `{ a: [1] } + { a+: [2] }`, "/a/1", `2`},
		{"plus key, text", `{ a: 'x' } + { a+: 'y' }`, "/a", `~'y'`},
		{"plus key of nothing", `{ a+: { y: 2 } }`, "/a/y", `2`},
		{"the last key", `{ a: 1 } + { a: 2 }`, "/a", `key:a`},
		{"three layers", `{ a: 1 } + { b: 2 } + { c: 3 }`, "/b", `2`},
		{"super", `{ a: 1 } + { a: 2, b: super.a }`, "/b", `1`},
		{"in super", `{ a: 1 } + { b: if 'a' in super then super['a'] else 2 }`, "/b", `1`},
		{"self is late", `{ a: 1, b: self.a } + { a: 2 }`, "/b", `2`},
		{"dollar", `{ a: { b: $.c }, c: 3 }`, "/a/b", `3`},
		{"object local", `{ local x = self.b, a: x, b: 4 }`, "/a", `4`},
		{"hidden", `{ h:: { x: 1 }, a: self.h.x }`, "/a", `1`},
		{"made visible", `{ h:: 1 } + { h::: 2 }`, "/h", `2`},
		{"mixin chain", `local m(k) = { tags+: [k] }; { tags: ['a'] } + m('b') + m('c')`, "/tags/1", `'b'`},
		{"method", `{ f(x):: { y: x }, a: self.f('z') }`, "/a/y", `'z'`},
		{"assertions", `{ assert self.a > 0, a: 1 }`, "/a", `1`},
		{"assert expression", `assert std.isNumber(1) : 'x'; { a: 1 }`, "/a", `1`},

		{"function", `local f(m) = { m: m }; { v: f('4GiB') }`, "/v/m", `'4GiB'`},
		{"named argument", `local f(m, n='x') = { m: m, n: n }; { v: f(n='y', m='z') }`, "/v/n", `'y'`},
		{"default argument", `local f(m, n='x') = { m: m, n: n }; { v: f('z') }`, "/v/n", `'x'`},
		{"default of the other", `local f(m, n=m) = { n: n }; { v: f('z') }`, "/v/n", `'z'`},
		{"object of a function", `local f(m) = { m: m }; { v: f('4GiB') }`, "/v", `{ m: m }`},
		{"closure", `local f(m) = function(n) { m: m, n: n }; { v: f('a')('b') }`, "/v/m", `'a'`},
		{"recursion", `local f(n) = if n == 0 then { x: 'deep' } else f(n - 1); { v: f(5) }`, "/v/x", `'deep'`},
		{"computed text", `local f(n) = 'web' + n; { v: f(1) }`, "/v", `~'web' + n`},
		{"computed number", `{ v: 1 + 2 }`, "/v", `~1 + 2`},
		{"format", `{ v: '%s-%d' % ['a', 1] }`, "/v", `~'%s-%d' % ['a', 1]`},
		{"native", `local s = import 'stackgen.libsonnet'; { v: s.cidrHost('10.0.0.0/8', 1) }`, "/v", `~s.cidrHost('10.0.0.0/8', 1)`},

		{"then", `{ v: if true then { a: 1 } else { a: 2 } }`, "/v/a", `1`},
		{"else", `{ v: if std.length('ab') > 2 then { a: 1 } else { a: 2 } }`, "/v/a", `2`},
		{"no else", `{ v: if false then 1 }`, "/v", `~if false then 1`},
		{"left out", `{ [if true then 'a']: 1, [if false then 'b']: 2 }`, "/a", `key:'a'`},
		{"condition of an argument", `local f(x) = if x == 'a' then { v: 1 } else { v: 2 }; { a: f('a'), b: f('b') }`, "/b/v", `2`},
		{"and, or", `{ v: if true && (false || 2 > 1) then 'x' else 'y' }`, "/v", `'x'`},
		{"boolean", `{ v: !true }`, "/v", `~!true`},

		{"array comprehension", `{ v: [{ n: i, k: 'same' } for i in ['a', 'b']] }`, "/v/1/n", `'b'`},
		{"array comprehension, body", `{ v: [{ n: i, k: 'same' } for i in ['a', 'b']] }`, "/v/1/k", `'same'`},
		{"array comprehension, if", `{ v: [i for i in [1, 2, 3] if i != 2] }`, "/v/1", `3`},
		{"array comprehension, whole", `{ v: [i for i in [1, 2]] }`, "/v", `~[i for i in [1, 2]]`},
		{"array comprehension, range", `{ v: [i for i in std.range(1, 3)] }`, "/v/1", `~std.range(1, 3)`},
		{"nested comprehension", `{ v: [[i, j] for i in ['a', 'b'] for j in ['c', 'd']] }`, "/v/2/0", `'b'`},
		{"object comprehension", `{ [k]: { n: k } for k in ['a', 'b'] }`, "/b/n", `'b'`},
		{"object comprehension, key", `{ [k]: { n: k } for k in ['a', 'b'] }`, "/b", `key:'b'`},
		{"object comprehension, computed key", `{ ['x' + k]: { n: k } for k in ['a', 'b'] }`, "/xb", `key:~'x' + k`},
		{"object comprehension, body", `{ [k]: { n: k } for k in ['a', 'b'] }`, "/b", `{ n: k }`},
		{"object comprehension, locals", `{ local m = k, [k]: { n: m } for k in ['a', 'b'] }`, "/b/n", `'b'`},
		{"object comprehension, dollar", `{ x: 1, v: { [k]: $.x for k in ['a'] } }`, "/v/a", `1`},
		{"element of an index", `local l = [{ a: 1 }, { a: 2 }]; { v: l[1] }`, "/v/a", `2`},
		{"slice", `{ v: ['a', 'b', 'c'][1:] }`, "/v/0", `'b'`},

		{"import", `local l = import 'lib.libsonnet'; { v: l.plain }`, "/v/a", `'in lib'`},
		{"import of JSON", `{ v: import 'data.json' }`, "/v/a/b/1", `"two"`},
		{"import of JSON, key", `{ v: import 'data.json' }`, "/v/a/b", `key:"b"`},
		{"imported function", `local l = import 'lib.libsonnet'; { v: l.guest('1GiB') }`, "/v/memory", `'1GiB'`},
		{"imported function, default", `local l = import 'lib.libsonnet'; { v: l.guest('1GiB') }`, "/v/os", `'debian-12'`},
		{"imported function, deep", `local l = import 'lib.libsonnet'; { v: l.guest('1GiB') { list+: ['y'] } }`, "/v/list/2", `'y'`},
		{"importstr", `{ v: importstr 'text.txt' }`, "/v", `~importstr 'text.txt'`},
		{"our library", `local s = import 'stackgen.libsonnet'; { v: s.guest('h', 'i') }`, "/v/memory", `~s.guest('h', 'i')`},
		{"our library, key", `local s = import 'stackgen.libsonnet'; { v: s.guest('h', 'i') }`, "/v/memory", `key:~s.guest('h', 'i')`},
		{"our library, argument", `local s = import 'stackgen.libsonnet'; { v: s.guest('h', 'i') }`, "/v/disks/vda/image", `'i'`},
		{"our library, whole", `local s = import 'stackgen.libsonnet'; { v: s.guest('h', 'i') }`, "/v", `~s.guest('h', 'i')`},
		{"our library, overridden", `local s = import 'stackgen.libsonnet'; { v: s.guest('h', 'i') { memory: '2GiB' } }`, "/v/memory", `'2GiB'`},
		{"our library, function", `local s = import 'stackgen.libsonnet'; { v: s.fleet('web', 3, function(i) { n: i, k: 'x' }) }`, "/v/web02/k", `'x'`},
		{"our library, made key", `local s = import 'stackgen.libsonnet'; { v: s.fleet('web', 2, function(i) {}) }`, "/v/web02", `key:~s.fleet('web', 2, function(i) {})`},

		{"map", `{ v: std.map(function(x) { n: x }, ['a', 'b']) }`, "/v/1/n", `'b'`},
		{"mapWithKey", `{ v: std.mapWithKey(function(k, x) x { k: k }, { a: { p: 1 } }) }`, "/v/a/p", `1`},
		{"mapWithKey, key", `{ v: std.mapWithKey(function(k, x) x { k: k }, { a: { p: 1 } }) }`, "/v/a/k", `a`},
		{"filter", `{ v: std.filter(function(x) x.n > 1, [{ n: 1 }, { n: 2 }]) }`, "/v/0/n", `2`},
		{"mergePatch", `{ v: std.mergePatch({ a: 1, b: 2 }, { a: 3 }) }`, "/v/a", `3`},
		{"prune", `{ v: std.prune({ a: { b: 'x', c: null } }) }`, "/v/a/b", `'x'`},
		{"get", `{ v: std.get({ a: 'x' }, 'a', 'y') }`, "/v", `'x'`},
		{"get, default", `{ v: std.get({ a: 'x' }, 'b', 'y') }`, "/v", `'y'`},
		{"foldl of mixins", `{ v: std.foldl(function(a, b) a + b, [{ x: 1 }, { y: 2 }], {}) }`, "/v/y", `2`},
		{"sort*", `{ v: std.sort([{ n: 2 }, { n: 1 }], function(x) x.n) }`, "/v/0/n", `1`},
		{"sort, no key", `{ v: std.sort(['b', 'a']) }`, "/v/0", `~std.sort(['b', 'a'])`},
		{"removeKey", `{ v: std.objectRemoveKey({ a: 1, b: 2 }, 'a') }`, "/v/b", `2`},
		{"join", `{ v: std.join(['-'], [['a'], ['b']]) }`, "/v/2", `'b'`},
		{"flattenArrays", `{ v: std.flattenArrays([['a'], ['b']]) }`, "/v/1", `'b'`},
		{"objectValues", `{ v: std.objectValues({ b: 'x', a: 'y' }) }`, "/v/0", `'y'`},
		{"objectFields*", `{ v: std.objectFields({ b: 'x', a: 'y' }) }`, "/v/0", `a`},
		{"parseJson", `{ v: std.parseJson('{"a": 1}') }`, "/v/a", `~std.parseJson('{"a": 1}')`},

		{"pointer escapes", `{ 'a/b': { 'c~d': 'x' } }`, "/a~1b/c~0d", `'x'`},
		{"key that is a number", `{ '10': 'x' }`, "/10", `'x'`},
		{"empty key", `{ '': 'x' }`, "/", `'x'`},
		{"beyond the BMP", `{ "😀": '😀😀', b: 'é' }`, "/b", `'é'`},
		{"tabs", "{\t\ta:\t'x' }", "/a", `'x'`},
		{"comment", "{ /* 😀\n */ a: # {\n 'x' // '\n}", "/a", `'x'`},
		{"trace", `{ v: std.trace('', 'x') }`, "/v", `'x'`},
		{"parentheses", `{ v: (('x')) }`, "/v", `'x'`},
		{"error in the other branch", `{ v: if 'a' == 'a' then 'x' else error 'no' }`, "/v", `'x'`},
		{"unused error", `{ v: [error 'no', 'x'][1] }`, "/v", `'x'`},
		{"thisFile", `{ v: std.thisFile }`, "/v", `~std.thisFile`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for i, text := range variants(tt.program) {
				in := evaluate.Input{File: "t.jsonnet", Importer: files(with(libraries, "t.jsonnet", text))}
				want, key := cutPrefix(tt.want, "key:")
				want, computed := cutPrefix(want, "~")
				pos, got := at(t, in, tt.path, key)
				if got = unify(got); got != unify(want) || pos.Computed != computed {
					t.Errorf("%s in\n%s\nis at %v, computed %t: %s\nwant computed %t: %s", tt.path, text, pos, pos.Computed, got, computed, want)
				}
				if i == 0 && !strings.HasSuffix(tt.name, "*") {
					checkLaw(t, in)
				}
			}
		})
	}
}

// JSON is a Jsonnet program in which everything is written down: every position
// is exact, and what stands there is the value.
func FuzzJSONPositions(f *testing.F) {
	f.Add(`{"a": [1, -2.5e3, "x\n\u00e9😀", null, true, {"": {}}], "b\"c": "\ud83d\ude00"}`)
	f.Add("\ufeff{\r\n\t\"é\":\t[[[ ]], \"日本\"]\r\n}")
	f.Add(`{"a~b/c": {"0": "a'b\\", "assert": false}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var doc any
		if len(text) > 4000 || json.Unmarshal([]byte(strings.TrimPrefix(text, utf8Mark)), &doc) != nil {
			return
		}
		in := evaluate.Input{File: "t.json", Importer: files(map[string]string{"t.json": text})}
		evaluated, diags, err := evaluate.File(in)
		if err != nil || len(diags) > 0 || !reflect.DeepEqual(evaluated, doc) {
			return // a key twice, or a number beyond float64
		}
		for _, path := range pathsOf(doc, nil, 6) {
			pos, got := at(t, in, diag.Pointer(path), false)
			var v any
			if err := json.Unmarshal([]byte(got), &v); err != nil || pos.Computed || !reflect.DeepEqual(v, diag.Lookup(doc, path)) {
				t.Errorf("%q in %q is at %v, computed %t: %q", path, text, pos, pos.Computed, got)
			}
			_, key := at(t, in, diag.Pointer(path), true)
			if _, isObject := diag.Lookup(doc, path[:max(0, len(path)-1)]).(map[string]any); isObject && len(path) > 0 {
				if err := json.Unmarshal([]byte(key), &v); err != nil || v != path[len(path)-1] {
					t.Errorf("the key of %q in %q is %q", path, text, key)
				}
			}
		}
	})
}
