package rules

// databases are the rules about databases and the applications that use them.
func databases() []Rule {
	return []Rule{{
		Name:   "database/port",
		What:   "an application that asks another port than its database has",
		Why:    "connections are refused",
		Breaks: "{ vms+: { web01+: { php+: { env+: { DB_PORT: '3307' } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { DB_PORT: '3306' } } } } }",
		Fix:    "write the port of the database",
		Source: "the variables of one connection: DB_HOST, DB_PORT",
	}, {
		Name:   "database/schema",
		What:   "an application that asks for a schema which its database server does not have",
		Why:    `"Unknown database"`,
		Breaks: "{ vms+: { web01+: { php+: { env+: { DB_NAME: 'tset' } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { TITLE_NAME: 'tset' } } } } }",
		Fix:    "write the name of one that it has",
		Source: "MariaDB, error 1049",
	}, {
		Name:   "database/user",
		What:   "an application that says it is a user whom its database server does not have",
		Why:    `"Access denied"`,
		Breaks: "{ vms+: { web01+: { php+: { env+: { DB_USER: 'usr' } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { ADMIN_USER: 'usr' } } } } }",
		Fix:    "write the name of one that it has",
		Source: "MariaDB, error 1045",
	}, {
		Name:   "database/password",
		What:   "an application and a database with two passwords",
		Why:    `"Access denied"`,
		Breaks: "{ vms+: { web01+: { php+: { env+: { DB_PASSWORD: { secret: 'web01/user' } } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { DB_PASSWORD: { secret: 'app' } } } }, db01+: { mariadb+: { users+: { user+: { password: { secret: 'app' } } } } } } }",
		Fix:    "write the same secret at both ends",
		Source: "MariaDB, error 1045",
	}, {
		Name:   "database/host",
		What:   "an account that is not for the machine whose application uses it",
		Why:    `"Host is not allowed to connect"`,
		Breaks: "{ vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['lb01'] } } } } } }",
		Passes: "{ vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['lan'] } } } } } }",
		Fix:    "add the machine to the hosts of the account",
		Source: "MariaDB, error 1130",
	}, {
		Name:   "database/privileges",
		What:   "an account without privileges on the schema that its application uses",
		Why:    `"Access denied for user to database"`,
		Breaks: "{ vms+: { db01+: { mariadb+: { users+: { user+: { grants: [] } } } } } }",
		Passes: "{ vms+: { db01+: { mariadb+: { users+: { user+: { grants: [{ privileges: ['SELECT'], on: 'test.testable' }] } } } } } }",
		Fix:    "add a grant",
		Source: "MariaDB, error 1044",
	}, {
		Name:   "database/listener",
		What:   "an account for clients that the server does not listen for",
		Why:    "connections are refused: Debian's own default is 127.0.0.1",
		Breaks: "{ vms+: { db01+: { mariadb+: { bindAddress: '127.0.0.1' } } } }",
		Passes: "{ vms+: { db01+: { mariadb+: { bindAddress: '0.0.0.0' } } } }",
		Fix:    "leave bindAddress out",
		Source: "MariaDB, bind-address",
	}, {
		Name:   "database/none",
		What:   "an application that looks for its database on a machine without one",
		Why:    "connections are refused",
		Breaks: "{ vms+: { web01+: { php+: { env+: { DB_HOST: { vm: 'lb01' } } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { CACHE_HOST: { vm: 'lb01' } } } } } }",
		Fix:    "name the VM that has it",
		Source: "connect(2), ECONNREFUSED",
	}, {
		Name:   "database/extension",
		What:   "an application with a database whose PHP has no extension for it",
		Why:    `"Call to undefined function mysqli_connect()"`,
		Breaks: "{ vms+: { web01+: { php+: { extensions: [] } } } }",
		Passes: "{ vms+: { web01+: { php+: { extensions: ['mysql', 'curl'] } } } }",
		Fix:    "add extensions: ['mysql']",
		Source: "php-mysql of Debian",
	}}
}
