package topology

import (
	"slices"
	"strings"
)

// Role says in words what a VM is for, as far as the topology knows, such as
// "web server"; nothing if it does not.
func (v *VM) Role() string {
	var roles []string
	if v.Router != nil {
		roles = append(roles, "router")
	}
	for _, k := range kinds() {
		if k.Role == "" || !k.On(v) || k.Within != "" && kind(k.Within).On(v) {
			continue
		}
		if !slices.Contains(roles, k.Role) {
			roles = append(roles, k.Role)
		}
	}
	return strings.Join(roles, ", ")
}
