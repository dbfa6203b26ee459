package evaluate

import (
	"fmt"
	"math/big"
	"net/netip"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// natives are the functions that stackgen.libsonnet wraps: address arithmetic
// that Jsonnet cannot do on text.
func natives() []*jsonnet.NativeFunction {
	return []*jsonnet.NativeFunction{
		{Name: "cidrHost", Params: ast.Identifiers{"cidr", "n"}, Func: cidrHost},
		{Name: "cidrSubnet", Params: ast.Identifiers{"cidr", "newbits", "n"}, Func: cidrSubnet},
		{Name: "cidrNetmask", Params: ast.Identifiers{"cidr"}, Func: cidrNetmask},
		{Name: "cidrContains", Params: ast.Identifiers{"cidr", "address"}, Func: cidrContains},
	}
}

// cidrHost is the nth address of a subnet, counted from its end when negative.
func cidrHost(args []any) (any, error) {
	p, err := prefixArg("cidrHost", args[0])
	if err != nil {
		return nil, err
	}
	n, err := intArg("cidrHost", args[1])
	if err != nil {
		return nil, err
	}
	base := new(big.Int).SetBytes(p.Addr().AsSlice())
	size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
	offset := big.NewInt(n)
	if n < 0 {
		offset.Add(offset, size)
	}
	if offset.Sign() < 0 || offset.Cmp(size) >= 0 {
		return nil, fmt.Errorf("cidrHost: %s has no address number %d", p, n)
	}
	return addrOf(base.Add(base, offset), p.Addr().BitLen()).String(), nil
}

// cidrSubnet is the nth subnet of a subnet whose prefix is longer by newbits.
func cidrSubnet(args []any) (any, error) {
	p, err := prefixArg("cidrSubnet", args[0])
	if err != nil {
		return nil, err
	}
	newbits, err := intArg("cidrSubnet", args[1])
	if err != nil {
		return nil, err
	}
	n, err := intArg("cidrSubnet", args[2])
	if err != nil {
		return nil, err
	}
	bits, width := int64(p.Bits())+newbits, p.Addr().BitLen()
	if newbits < 0 || bits > int64(width) || n < 0 || big.NewInt(n).BitLen() > int(newbits) {
		return nil, fmt.Errorf("cidrSubnet: %s has no subnet number %d with %d more bits", p, n, newbits)
	}
	offset := new(big.Int).Lsh(big.NewInt(n), uint(int64(width)-bits))
	base := new(big.Int).SetBytes(p.Addr().AsSlice())
	return netip.PrefixFrom(addrOf(base.Add(base, offset), width), int(bits)).String(), nil
}

// cidrNetmask is the netmask of an IPv4 subnet, such as 255.255.255.0.
func cidrNetmask(args []any) (any, error) {
	p, err := prefixArg("cidrNetmask", args[0])
	if err != nil {
		return nil, err
	}
	if !p.Addr().Is4() {
		return nil, fmt.Errorf("cidrNetmask: %s is not IPv4", p)
	}
	mask := new(big.Int).Lsh(big.NewInt(1<<p.Bits()-1), uint(32-p.Bits()))
	return addrOf(mask, 32).String(), nil
}

// cidrContains tells whether an address lies in a subnet.
func cidrContains(args []any) (any, error) {
	p, err := prefixArg("cidrContains", args[0])
	if err != nil {
		return nil, err
	}
	s, _ := args[1].(string)
	a, err := netip.ParseAddr(s)
	if err != nil {
		return nil, fmt.Errorf("cidrContains: %v is not an address", args[1])
	}
	return p.Contains(a), nil
}

func addrOf(n *big.Int, width int) netip.Addr {
	a, _ := netip.AddrFromSlice(n.FillBytes(make([]byte, width/8)))
	return a
}

func prefixArg(function string, v any) (netip.Prefix, error) {
	s, _ := v.(string)
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("%s: %v is not a subnet such as 10.0.1.0/24", function, v)
	}
	return p.Masked(), nil
}

// intArg refuses what float64 cannot count exactly.
func intArg(function string, v any) (int64, error) {
	f, ok := v.(float64)
	if !ok || f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
		return 0, fmt.Errorf("%s: %v is not a whole number", function, v)
	}
	return int64(f), nil
}
