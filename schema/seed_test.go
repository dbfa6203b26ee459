package schema

import (
	"strings"
	"testing"

	"github.com/google/go-jsonnet"
)

// TestSeedAsPublished: each bad habit of the walk-through is found, and nothing
// else. The README beside the fixtures says which is which.
func TestSeedAsPublished(t *testing.T) {
	for file, want := range map[string]string{
		"literal": `
schema/type /vms/db01/mysql/users/user/password
schema/type /vms/rtr01/interfaces/eth1
schema/unknown-key /vms/rtr01/router/openvpn/vtun0/clients/client/ns-cert-type
schema/enum /vms/rtr01/router/openvpn/vtun0/compression`,
		"expressed": `
capacity/undeclared /hosts/vmm
database/listener /vms/db01/mysql/bindAddress
services/no-probe /vms/lb01/varnish/backends/default
firewall/no-local /vms/rtr01/router/firewall
firewall/wrong-hook /vms/rtr01/router/firewall/rulesets/rtr01/rules/10
firewall/open-destination /vms/rtr01/router/firewall/rulesets/rtr01/rules/11
firewall/wrong-hook /vms/rtr01/router/firewall/rulesets/rtr01/rules/12
openvpn/weak-dh /vms/rtr01/router/openvpn/vtun0/tls/dh/secret
hygiene/shared-identity /vms/web01/disks/vda/image
hygiene/plain-secret /vms/web01/files/~1srv~1www~1index.php/content
services/php-script /vms/web01/nginx/sites/default/extra
services/php-socket /vms/web01/nginx/sites/default/extra
services/php-unsafe /vms/web01/nginx/sites/default/extra
services/no-documents /vms/web01/nginx/sites/default/root`,
	} {
		_, diags := loaded(t, Input{File: "../fixtures/bad/seed-as-published/" + file + ".jsonnet", Importer: &jsonnet.FileImporter{}})
		diags.Sort()
		if got := rulesOf(diags); got != strings.TrimSpace(want) {
			t.Errorf("%s:\n got\n%s\nwant%s", file, got, want)
		}
	}
}
