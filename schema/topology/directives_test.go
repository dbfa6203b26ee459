package topology

import (
	"fmt"
	"testing"
)

func TestDirectives(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "[]"},
		{"autoindex on;", "[{autoindex [on]}]"},
		{"location / { proxy_pass http://10.0.1.2; }", "[{location [/]}]"},
		{"location ~ \\.php$ {\n try_files $uri =404;\n}\nroot /srv/x;", "[{location [~ \\.php$]} {root [/srv/x]}]"},
		{"# location / {\nlocation ^~ /a/{ if ($x) { return 404; } } charset utf-8;", "[{location [^~ /a/]} {charset [utf-8]}]"},
		{`location "/" { } add_header X "a; } b" always;`, "[{location [/]} {add_header [X a; } b always]}]"},
		{`location ~ "^/x{2}$" { } set $a ${b}c;`, "[{location [~ ^/x{2}$]} {set [$a ${b}c]}]"},
		{"listen 443 ssl", "[]"},
		{"} } root /x;", "[{root [/x]}]"},
		{`add_header X "open`, "[]"},
		{`location ~ a\`, "[]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(directives(tt.text)); got != tt.want {
			t.Errorf("directives(%q)\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestLocates(t *testing.T) {
	for text, want := range map[string]bool{
		"location / { }": true, "location ^~ / { }": true, "location '/' { }": true,
		"location = / { }": false, "location ~ / { }": false, "location /a { location / { } }": false, "# location / { }": false, "location": false,
	} {
		if got := (Site{Extra: text}).Locates("/"); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}

func FuzzDirectives(f *testing.F) {
	f.Add("location ~ \\.php$ { a 'b'; } # c\n x \"y")
	f.Fuzz(func(_ *testing.T, text string) { directives(text) })
}
