package topology

import "strings"

// Role says in words what a VM is for, as far as the topology knows, such as
// "web server"; nothing if it does not.
func (v *VM) Role() string {
	var roles []string
	add := func(is bool, what string) {
		if is {
			roles = append(roles, what)
		}
	}
	add(v.Router != nil, "router")
	add(v.Varnish != nil, "cache")
	add(v.Nginx != nil, "web server")
	add(v.Nginx == nil && v.PHP != nil, "PHP")
	add(v.MariaDB != nil, "database")
	return strings.Join(roles, ", ")
}
