package origin

import (
	"encoding/json"
	"strings"

	"github.com/google/go-jsonnet/ast"
)

// builtins are the functions of std that are not written in Jsonnet, or would be
// slow here. Those that structural does not know only compute.
const builtins = "$flatMapArray $objectFlatMerge acos asin atan atan2 avg base64 base64Decode " +
	"base64DecodeBytes ceil char codepoint contains cos decodeUTF8 encodeUTF8 equals equalsIgnoreCase " +
	"escapeStringJson exp exponent extVar filter flatMap floor foldl foldr format hypot id isDecimal isEmpty isEven " +
	"isInteger isNull isOdd join length log lstripChars makeArray manifestJsonEx manifestTomlEx " +
	"manifestYamlDoc mantissa maxArray md5 member minArray mod modulo native objectFieldsEx objectHasEx " +
	"objectRemoveKey parseInt parseJson parseYaml pow primitiveEquals range remove removeAt reverse round " +
	"rstripChars sha1 sha256 sha3 sha512 sin sort splitLimit splitLimitR sqrt strReplace stripChars substr " +
	"sum tan toString trace trim type xnor xor"

// callBuiltin calls a function of std. What takes values apart or puts them
// together is done here, so that the parts keep their places.
func (p *Program) callBuiltin(name string, args arguments, calls *call) *value {
	b := builtinCall{p: p, calls: calls}
	run, params := b.structural(name)
	if run == nil {
		return p.compute("std["+quote(name)+"]", args, calls)
	}
	for i, param := range strings.Fields(params) {
		t := args.named[ast.Identifier(param)]
		if i < len(args.positional) {
			t = args.positional[i]
		}
		if t == nil { // it has a default
			return p.compute("std["+quote(name)+"]", args, calls)
		}
		v := p.force(t)
		if v == nil {
			return nil
		}
		b.args = append(b.args, v)
	}
	return run(&b)
}

// builtinCall is a call of a function of std. All arguments are known.
type builtinCall struct {
	p     *Program
	args  []*value
	calls *call
}

// structural is a table: how a function is done, and the names of its
// parameters.
func (*builtinCall) structural(name string) (run func(*builtinCall) *value, params string) {
	switch name {
	case "id":
		return func(b *builtinCall) *value { return b.args[0] }, "x"
	case "trace":
		return func(b *builtinCall) *value { return b.args[1] }, "str rest"
	case "native":
		return (*builtinCall).native, "x"
	case "type":
		return (*builtinCall).typeName, "x"
	case "length":
		return (*builtinCall).length, "x"
	case "objectFieldsEx":
		return (*builtinCall).objectFields, "obj hidden"
	case "objectHasEx":
		return (*builtinCall).objectHas, "obj fname hidden"
	case "objectRemoveKey":
		return (*builtinCall).objectRemoveKey, "obj key"
	case "$objectFlatMerge":
		return (*builtinCall).objectFlatMerge, "x"
	case "makeArray":
		return (*builtinCall).makeArray, "sz func"
	case "flatMap", "$flatMapArray":
		return (*builtinCall).flatMap, "func arr"
	case "filter":
		return (*builtinCall).filter, "func arr"
	case "join":
		return (*builtinCall).join, "sep arr"
	case "mod":
		return (*builtinCall).mod, "a b"
	case "sort":
		return (*builtinCall).sort, "arr keyF"
	case "reverse":
		return (*builtinCall).reverse, "arr"
	case "removeAt":
		return (*builtinCall).removeAt, "arr i"
	case "foldl":
		return (*builtinCall).foldl, "func arr init"
	case "foldr":
		return (*builtinCall).foldr, "func arr init"
	}
	return nil, ""
}

// quote writes a text as a Jsonnet string.
func quote(s string) string {
	b, _ := json.Marshal(s) // cannot fail for a string
	return string(b)
}
