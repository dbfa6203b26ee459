package mariadb

import "stackgen/render/artifact"

import "stackgen/schema/release"

// dialect is what differs between the flavors, and between the releases of one.
type dialect struct {
	flavor        string
	client, admin string
	service       string
	packages      []string
	config        string          // directory of the server's configuration, without leading slash
	check         string          // has the server read its configuration and fail on a fault
	roles         string          // SELECT of each account's roles: grantee, role as REVOKE takes it
	ofRoles       artifact.Format // who can run that
	maxUser       int             // characters of an account's name
	collates      bool            // a schema has to name its collation
}

// dialectOf is that of the MariaDB of a release of Debian, or that of MySQL 8.
func dialectOf(flavor string, r release.Release) dialect {
	if flavor == "mysql" {
		return dialect{
			flavor: flavor,
			client: "mysql", admin: "mysqladmin", service: "mysql",
			packages: []string{"mysql-server"},
			config:   "etc/mysql/mysql.conf.d",
			check:    "mysqld --validate-config",
			roles: "SELECT CONCAT('\\'', TO_USER, '\\'@\\'', TO_HOST, '\\''),\n" +
				"           CONCAT('`', FROM_USER, '`@`', FROM_HOST, '`') FROM mysql.role_edges",
			ofRoles: artifact.SQLMySQL,
			maxUser: 32,
		}
	}
	return dialect{
		flavor: flavor,
		client: "mariadb", admin: "mariadb-admin", service: "mariadb",
		packages: []string{"mariadb-server"},
		config:   "etc/mysql/mariadb.conf.d",
		check:    `out=$(mariadbd --help --verbose 2>&1) || { echo "$out" | grep -F ERROR >&2; false; }`,
		roles: "SELECT CONCAT('\\'', User, '\\'@\\'', Host, '\\''),\n" +
			"           CONCAT('`', Role, '`') FROM mysql.roles_mapping",
		ofRoles: artifact.SQLScript,
		maxUser: 128, collates: r.Collation != defaultCollation("utf8mb4"),
	}
}
