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
				path := databasePath(vm, "databases", d.Name, "tables", table.Name)
				columns(path, table, &diags)
				tableKeys(path, d, table, &diags)
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
	if g.On == "*.*" {
		return
	}
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

// tableKeys finds indexes and foreign keys of columns or tables that there are not.
func tableKeys(path string, d topology.Database, table topology.Table, diags *diag.List) {
	has := func(path string, of topology.Table, name string) {
		names := namesOf(of.Columns, func(c topology.Column) string { return c.Name })
		if !slices.Contains(names, name) {
			suggest(diags.Errorf("references/missing", path, "table %q has no column %q", of.Name, name), name, names)
		}
	}
	for _, index := range table.Indexes {
		for i, column := range index.Columns {
			name, _, _ := strings.Cut(column, "(")
			has(diag.Join(path, "indexes", index.Name, "columns", i), table, name)
		}
	}
	for _, key := range table.ForeignKeys {
		at := diag.Join(path, "foreignKeys", key.Name)
		for i, name := range key.Columns {
			has(diag.Join(at, "columns", i), table, name)
		}
		i := slices.IndexFunc(d.Tables, func(t topology.Table) bool { return t.Name == key.Table })
		if i < 0 {
			names := namesOf(d.Tables, func(t topology.Table) string { return t.Name })
			suggest(diags.Errorf("references/missing", diag.Join(at, "references", "table"),
				"database %q has no table %q", d.Name, key.Table), key.Table, names)
			continue
		}
		for j, name := range key.References {
			has(diag.Join(at, "references", "columns", j), d.Tables[i], name)
		}
	}
}
