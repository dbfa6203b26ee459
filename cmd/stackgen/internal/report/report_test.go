package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"stackgen/schema/diag"
)

func TestTextReport(t *testing.T) {
	long := "{ " + strings.Repeat("a: 1, ", 40) + "memroy: '4GiB', " + strings.Repeat("b: 2, ", 40) + "}"
	for _, tt := range []struct {
		name   string
		source string
		d      diag.Diagnostic
		want   string
	}{{
		name:   "hint behind the underline",
		source: strings.Repeat("\n", 30) + "      memroy: '4GiB',",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/unknown-key", Message: `unknown key "memroy" in a VM`, Hint: `did you mean "memory"?`,
			Path: "/vms/lb01/memroy", OnKey: true, Pos: diag.Pos{File: "t", Line: 31, Column: 7, EndLine: 31, EndColumn: 13}},
		want: `
stackgen: error: unknown key "memroy" in a VM (schema/unknown-key)
  --> t:31:7
   |
31 |       memroy: '4GiB',
   |       ^^^^^^ did you mean "memory"?
   |
   = path: /vms/lb01/memroy
`,
	}, {
		name:   "long hint",
		source: "x: 1",
		d: diag.Diagnostic{Severity: diag.Warning, Rule: "schema/type", Message: "m", Hint: strings.Repeat("long ", 20) + "hint",
			Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5}},
		want: `
stackgen: warning: m (schema/type)
 --> t:1:4
  |
1 | x: 1
  |    ^
  |
  = hint: ` + strings.Repeat("long ", 20) + `hint
`,
	}, {
		name:   "computed",
		source: "x: 1 + 2",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m", Hint: "h", Path: "/x",
			Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 9, Computed: true}},
		want: `
stackgen: error: m (schema/type)
 --> t:1:4
  |
1 | x: 1 + 2
  |    ^^^^^ computed here
  |
  = path: /x
  = hint: h
`,
	}, {
		name:   "related places, and one without",
		source: "a: 1\nb: 1",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m", Path: "/b",
			Pos: diag.Pos{File: "t", Line: 2, Column: 4, EndLine: 2, EndColumn: 5},
			Related: []diag.Related{
				{Path: "/a", Message: "already used here", Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5}},
				{Path: "/c", Message: "and there"},
			}},
		want: `
stackgen: error: m (schema/type)
 --> t:2:4
  |
2 | b: 1
  |    ^
  |
 ::: t:1:4
  |
1 | a: 1
  |    - already used here
  |
  = path: /b
  = also: /c: and there
`,
	}, {
		name: "no place",
		d:    diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m", Path: "/b", Hint: "h"},
		want: `
stackgen: error: m (schema/type)
  = path: /b
  = hint: h
`,
	}, {
		name:   "tabs, wide characters and marks",
		source: "\ta:\t'日本é\u0301', x",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m",
			Pos: diag.Pos{File: "t", Line: 1, Column: 13, EndLine: 1, EndColumn: 14}},
		want: `
stackgen: error: m (schema/type)
 --> t:1:13
  |
1 |     a:  '日本é` + "\u0301" + `', x
  |                  ^
`,
	}, {
		name:   "signs of several characters",
		source: "{ a: '\U0001F1E9\U0001F1EA \U0001F44D\U0001F3FD ⚠\uFE0F', b: x }",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m",
			Pos: diag.Pos{File: "t", Line: 1, Column: 20, EndLine: 1, EndColumn: 21}},
		want: `
stackgen: error: m (schema/type)
 --> t:1:20
  |
1 | { a: '` + "\U0001F1E9\U0001F1EA \U0001F44D\U0001F3FD ⚠\uFE0F" + `', b: x }
  |                    ^
`,
	}, {
		name:   "many lines",
		source: "a: {  \n}",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m",
			Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 2, EndColumn: 2}},
		want: `
stackgen: error: m (schema/type)
 --> t:1:4
  |
1 | a: {
  |    ^
`,
	}, {
		name:   "long line",
		source: long,
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m",
			Pos: diag.Pos{File: "t", Line: 1, Column: 243, EndLine: 1, EndColumn: 249}},
		want: `
stackgen: error: m (schema/type)
 --> t:1:243
  |
1 | … a: 1, a: 1, a: 1, a: 1, a: 1, a: 1, a: 1, a: 1, memroy: '4GiB', b: 2, b: 2, b: 2, b: 2, b: 2, b: 2,…
  |                                                   ^^^^^^
`,
	}, {
		name:   "what speaks to a terminal or turns the text",
		source: "a: '\x1b[31m\u202e', b: \xff",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m\x1b[0m\u202e\nn",
			Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5}},
		want: `
stackgen: error: m�[0m��n (schema/type)
 --> t:1:4
  |
1 | a: '�[31m�', b: �
  |    ^
`,
	}, {
		name:   "many paths",
		source: "a: 1",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m", Path: "/a", Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5},
			Related: madeBy(diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5}, "/b", "/c", "/d", "/e")},
		want: `
stackgen: error: m (schema/type)
 --> t:1:4
  |
1 | a: 1
  |    ^
  |
  = path: /a
  = path: /b
  = path: /c
  = path: and 2 more
`,
	}, {
		name:   "beyond the file",
		source: "a: 1",
		d: diag.Diagnostic{Severity: diag.Error, Rule: "schema/type", Message: "m",
			Pos: diag.Pos{File: "t", Line: 7, Column: 4, EndLine: 7, EndColumn: 5}},
		want: `
stackgen: error: m (schema/type)
 --> t:7:4
`,
	}} {
		t.Run(tt.name, func(t *testing.T) {
			r := Text{Lines: func(string) []string { return strings.Split(tt.source, "\n") }}
			if got := r.Of(diag.List{tt.d}); got != tt.want[1:]+"\nstackgen: "+Count(diag.List{tt.d})+"; more: stackgen explain "+tt.d.Rule+"\n" {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want[1:])
			}
		})
	}
}

// TestVeryLongLine: a file of many keys in one line is shown at once, and secrets in it
// are not.
func TestVeryLongLine(t *testing.T) {
	line := "{" + strings.Repeat("key: 1, ", 1<<20) + "password: 'hunter2', memroy: 'x'," + strings.Repeat("key: 1, ", 1<<20) + "}"
	column := strings.Index(line, "memroy") + 1
	pos := diag.Pos{File: "t", Line: 1, Column: column, EndLine: 1, EndColumn: column + 6}
	r := Text{Lines: func(string) []string { return []string{line} }}
	begin := time.Now()
	got := r.Of(diag.List{{Severity: diag.Error, Rule: "a/b", Message: "m", Pos: pos}})
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	if !strings.Contains(got, "… 1, key: 1, key: 1, ") || !strings.Contains(got, "password: '*******', memroy: 'x',key: 1") {
		t.Errorf("got\n%s", got)
	}
	lines := strings.Split(got, "\n")
	if shown, mark := lines[3], lines[4]; strings.Index(strings.ReplaceAll(shown, "…", "."), "memroy") != strings.Index(mark, "^^^^^^") {
		t.Errorf("the underline is elsewhere:\n%s", got)
	}
}

func madeBy(pos diag.Pos, paths ...string) (list []diag.Related) {
	for _, p := range paths {
		list = append(list, diag.Related{Path: p, Pos: pos, Message: alsoMade})
	}
	return list
}

func TestColour(t *testing.T) {
	r := Text{Colour: true, Lines: func(string) []string { return []string{"a: 1"} }}
	d := diag.Diagnostic{Severity: diag.Error, Rule: "a/b", Message: "m", Pos: diag.Pos{File: "t", Line: 1, Column: 4, EndLine: 1, EndColumn: 5}}
	got := r.Of(diag.List{d})
	plainText := (&Text{Lines: r.Lines}).Of(diag.List{d})
	for _, c := range []string{red, yellow, blue, bold, plain} {
		got = strings.ReplaceAll(got, c, "")
	}
	if got != plainText {
		t.Errorf("without its colours it is\n%q\nwant\n%q", got, plainText)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if ColourOf(file) || ColourOf(&bytes.Buffer{}) {
		t.Error("a file is coloured")
	}
}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{`password: 'hunter2', user: 'a'`, `password: '*******', user: 'a'`},
		{`"DB_PASSWORD": "hunter2 \" x"`, `"DB_PASSWORD": "******* ** *"`},
		{`local apiKey = 'k';`, `local apiKey = '*';`},
		{`token:: @'a''b',`, `token:: @'****',`},
		{`password: { secret: 'db01/user' },`, `password: { secret: 'db01/user' },`},
		{`  password: hunter2   # yaml`, `  password: *******   # yaml`},
		{`password+: 'x'`, `password+: '*'`},
		{`password: 'open`, `password: '****`},
		{`password: secretOf('x'),`, `password: *************,`},
		{`name: 'tokens are fine'`, `name: 'tokens are fine'`},
		{`"secret": "db01/user"`, `"secret": "db01/user"`},
	} {
		if got := maskSecrets(tt.line, diag.Pos{Line: 1, Column: 1, EndLine: 1, EndColumn: 1}, false); got != tt.want {
			t.Errorf("maskSecrets(%s)\n got %s\nwant %s", tt.line, got, tt.want)
		}
	}
}

func TestMaskThePlace(t *testing.T) {
	d := diag.Diagnostic{Severity: diag.Error, Rule: "a/b", Message: "m", Path: "/users/a/password", Pos: diag.Pos{File: "t", Line: 1, Column: 11, EndLine: 1, EndColumn: 20}}
	r := Text{Lines: func(string) []string { return []string{"local x = 'hunter2'; x"} }}
	if got := r.Of(diag.List{d}); strings.Contains(got, "hunter2") {
		t.Errorf("the secret is shown:\n%s", got)
	}
}

func TestAnnotation(t *testing.T) {
	d := diag.Diagnostic{Severity: diag.Warning, Rule: "a/b", Message: "50% of\nit", Hint: "less", Path: "/a",
		Pos: diag.Pos{File: "a,b:c.jsonnet", Line: 1, Column: 2, EndLine: 1, EndColumn: 3}}
	want := `::warning file=a%2Cb%3Ac.jsonnet,line=1,endLine=1,col=2,endColumn=3,title=a/b::50%25 of%0Ait%0Apath: /a%0Ahint: less`
	if got := annotation(d); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOrderAndMerge(t *testing.T) {
	at := func(file string, line, column int) diag.Pos {
		return diag.Pos{File: file, Line: line, Column: column, EndLine: line, EndColumn: column + 1}
	}
	diags := diag.List{
		{Rule: "r/b", Path: "/3", Message: "m", Pos: at("b", 1, 1)},
		{Rule: "r/a", Path: "/2", Message: "m", Pos: at("a", 10, 1)},
		{Rule: "r/a", Path: "/1", Message: "m", Pos: at("a", 10, 1)},
		{Rule: "r/a", Path: "/0", Message: "m", Pos: at("a", 9, 9)},
		{Rule: "r/z", Path: "/4", Message: "m"},
		{Rule: "r/z", Path: "/5", Message: "m"},
	}
	var got []string
	for _, d := range merged(inOrder(diags)) {
		s := d.Rule + d.Path
		for _, r := range d.Related {
			s += "+" + r.Path
		}
		got = append(got, s)
	}
	want := "r/z/4 r/z/5 r/a/0 r/a/1+/2 r/b/3"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// A report of any place in any text ends, shows no control characters, and its
// underline is below the text.
func FuzzTextReport(f *testing.F) {
	f.Add("a: 1\n\tb: '日本\u0301'\r", 1, 2, 1, 4, "m", "h", "/a")
	f.Add(strings.Repeat("é", 200), 1, 190, 2, 1, "\x1b[31m", "\u202e", "/password")
	f.Add("", 9, 0, -1, 1<<40, "", "", "")
	f.Fuzz(func(t *testing.T, text string, line, column, endLine, endColumn int, message, hint, path string) {
		pos := diag.Pos{File: "t", Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
		d := diag.Diagnostic{Severity: diag.Error, Rule: "a/b", Message: message, Hint: hint, Path: diag.Path(path), Pos: pos,
			Related: []diag.Related{{Path: diag.Path(path), Message: message, Pos: diag.Pos{File: "u", Line: column, Column: line, EndLine: column, EndColumn: endLine}}}}
		r := Text{Verbose: true, Lines: func(string) []string { return strings.Split(text, "\n") }}
		got := r.Of(merged(inOrder(diag.List{d, d})))
		for _, c := range strings.ReplaceAll(got, "\n", "") {
			if unicode.IsControl(c) {
				t.Fatalf("%q speaks to a terminal", got)
			}
		}
		annotation(d)
		sarifResultOf(d, "t", 0)
		jsonFindingOf(d)
	})
}
