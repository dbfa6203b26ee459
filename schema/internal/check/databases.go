package check

import (
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkDatabases finds servers that cannot listen, grants on nothing, and
// tables that contradict themselves.
func checkDatabases(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.MariaDB == nil {
			continue
		}
		bindAddress(vm, &diags)
		for _, d := range vm.MariaDB.Databases {
			for _, table := range d.Tables {
				columns(databasePath(vm, "databases", d.Name, "tables", table.Name), table, &diags)
			}
		}
		for _, u := range vm.MariaDB.Users {
			for i, g := range u.Grants {
				grant(vm, databasePath(vm, "users", u.Name, "grants", i, "on"), g, &diags)
			}
		}
	}
	return diags
}

// databaseKey is the key of a VM's database block: it is named after the flavor.
func databaseKey(vm *topology.VM) string {
	if vm.MariaDB != nil {
		return vm.MariaDB.Flavor
	}
	return "mariadb"
}

func databasePath(vm *topology.VM, tokens ...any) string {
	return diag.Join(vmPath(vm, databaseKey(vm)), tokens...)
}

func bindAddress(vm *topology.VM, diags *diag.List) {
	a := vm.MariaDB.BindAddress
	path := databasePath(vm, "bindAddress")
	switch {
	case !a.IsValid():
		diags.Errorf("services/not-own-address", path, "VM %q has no address to listen on", vm.Name).
			Also(vmPath(vm, "interfaces"), "none of these has an address").
			Hintf("give one of its interfaces an address, or write bindAddress: '127.0.0.1'")
	case !vm.Owns(a) && !a.IsLoopback() && !a.IsUnspecified():
		diags.Errorf("services/not-own-address", path, "VM %q does not have the address %s", vm.Name, a).
			Also(vmPath(vm, "interfaces"), "its addresses").
			Hintf("leave it out: the server listens on the VM's own address")
	}
}

// grant finds privileges on a schema or table that the topology does not have.
func grant(vm *topology.VM, path string, g topology.Grant, diags *diag.List) {
	schema, table, _ := strings.Cut(g.On, ".")
	d := vm.MariaDB.Database(schema)
	if d == nil {
		finding := diags.Errorf("references/missing", path, "VM %q has no database %q", vm.Name, schema)
		suggest(finding, schema, namesOf(vm.MariaDB.Databases, func(d topology.Database) string { return d.Name }))
		return
	}
	tables := namesOf(d.Tables, func(t topology.Table) string { return t.Name })
	// The application may make tables that the topology does not know.
	if table != "*" && len(tables) > 0 && !slices.Contains(tables, table) {
		suggest(diags.Errorf("references/missing", path, "database %q has no table %q", schema, table), table, tables)
	}
}

// columns finds keys and cells of columns that a table does not have.
func columns(path string, table topology.Table, diags *diag.List) {
	names := namesOf(table.Columns, func(c topology.Column) string { return c.Name })
	for i, key := range table.PrimaryKey {
		if !slices.Contains(names, key) {
			suggest(diags.Errorf("references/missing", diag.Join(path, "primaryKey", i), "table %q has no column %q",
				table.Name, key), key, names)
		}
	}
	for i, row := range table.Rows {
		for _, cell := range row {
			if !slices.Contains(names, cell.Column) {
				suggest(diags.Errorf("references/missing", diag.Join(path, "rows", i, cell.Column), "table %q has no column %q",
					table.Name, cell.Column).AtKey(),
					cell.Column, names)
			}
		}
	}
}
