package strongswan_test

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/render/strongswan"
	"stackgen/schema/topology"
)

// joined is the reference stack with a router on Debian and an IPsec peer.
const joined = `{ vms+: { rtr01+: { os: 'debian-12', install:: null, router+: { platform: 'debian', version:: null, openvpn:: null,
  ipsec: { berlin: { description: 'the other office', remoteAddress: '46.4.71.78', presharedKey: { secret: 'vpn/berlin' },
    tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.2.0.0/16' }, '2': { localPrefix: '10.0.4.0/24', remotePrefix: '10.2.0.0/16' } } } },
  nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.2.0.0/16' }, exclude: true } } },
  firewall+: { rulesets+: {
    'wan-local'+: { rules+: { '40': { action: 'accept', protocol: 'udp', destination: { port: '500,4500' } }, '41': { action: 'accept', protocol: 'esp' } } },
    'wan-in'+: { rules+: { '40': { action: 'accept', source: { address: '10.2.0.0/16' }, destination: { network: 'lan' } } } },
  } },
} } } }`

const path = "rtr01/etc/swanctl/conf.d/berlin.conf"

func rendered(t *testing.T, more string) string {
	t.Helper()
	set, err := strongswan.Render(rendertest.Variant(t, "nullzero", joined+" + "+more))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, path)
}

func TestConnection(t *testing.T) {
	want := `connections {
  berlin {
    version = 2
    local_addrs = 46.4.71.77
    remote_addrs = 46.4.71.78
    proposals = aes256-sha256-modp2048
    rekey_time = 28800s
    dpd_delay = 30s
    local {
      auth = psk
      id = 46.4.71.77
    }
    remote {
      auth = psk
      id = 46.4.71.78
    }
    children {
      berlin-1 {
        local_ts = 10.0.1.0/24
        remote_ts = 10.2.0.0/16
        esp_proposals = aes256-sha256-modp2048
        rekey_time = 3600s
        start_action = trap
        dpd_action = restart
      }
      berlin-2 {
        local_ts = 10.0.4.0/24
        remote_ts = 10.2.0.0/16
        esp_proposals = aes256-sha256-modp2048
        rekey_time = 3600s
        start_action = trap
        dpd_action = restart
      }
    }
  }
}

secrets {
  ike-berlin {
    id-local = 46.4.71.77
    id-remote = 46.4.71.78
    secret = @@secret:swanctl:vpn/berlin@@
  }
}
`
	if _, got, _ := strings.Cut(rendered(t, "{}"), "the other office\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestProposals: strongSwan has words of its own for ciphers and groups.
func TestProposals(t *testing.T) {
	for patch, want := range map[string][]string{
		"ike: { keyExchange: 'ikev1', hash: 'sha1' }":                         {"version = 1\n", " proposals = aes256-sha1-modp2048\n"},
		"ike: { dhGroup: 20 }, esp: { encryption: 'aes128', hash: 'sha512' }": {" proposals = aes256-sha256-ecp384\n", "esp_proposals = aes128-sha512-ecp384\n"},
		"ike: { encryption: 'aes256gcm128', hash: 'sha384', dhGroup: 19 }":    {" proposals = aes256gcm16-prfsha384-ecp256\n", "esp_proposals = aes256-sha256-ecp256\n"},
		"esp: { encryption: 'aes128gcm128', pfs: false }":                     {"esp_proposals = aes128gcm16\n"},
		"localAddress: '10.0.1.1'":                                            {"local_addrs = 10.0.1.1\n", "id-local = 10.0.1.1\n"},
	} {
		got := rendered(t, "{ vms+: { rtr01+: { router+: { ipsec+: { berlin+: { "+patch+" } } } } } }")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: missing %q in\n%s", patch, w, got)
			}
		}
	}
}

// TestOtherPlatform: a router on VyOS has no files of strongSwan.
func TestOtherPlatform(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", joined)
	topo.VM("rtr01").Router.Platform = "vyos"
	if set, err := strongswan.Render(topo); err != nil || len(set.Files)+len(set.Steps) > 0 {
		t.Errorf("got %v, %v", set, err)
	}
	topo.VM("rtr01").Router = &topology.Router{Platform: "debian"}
	if set, err := strongswan.Render(topo); err != nil || len(set.Files)+len(set.Steps) > 0 {
		t.Errorf("without peers: got %v, %v", set, err)
	}
}
