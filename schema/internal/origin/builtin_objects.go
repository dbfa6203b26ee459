package origin

import (
	"slices"
	"unicode/utf8"

	"github.com/google/go-jsonnet/ast"
)

func (b *builtinCall) native() *value {
	if b.args[0].kind != text {
		return nil
	}
	return &value{kind: function, fn: &callable{native: b.args[0].text}}
}

func (b *builtinCall) typeName() *value {
	return textValue([]string{"null", "boolean", "number", "string", "array", "object", "function"}[b.args[0].kind],
		Location{})
}

func (b *builtinCall) length() *value {
	n := 0
	switch v := b.args[0]; v.kind {
	case text:
		n = utf8.RuneCountInString(v.text)
	case array:
		n = len(v.elems)
	case object:
		n = len(v.obj.names(false))
	default:
		return nil
	}
	return numValue(float64(n), Location{})
}

// objectFields gives the names where they are written.
func (b *builtinCall) objectFields() *value {
	obj, hidden := b.args[0], b.args[1]
	if obj.kind != object || hidden.kind != boolean {
		return nil
	}
	var elems []*thunk
	for _, name := range obj.obj.names(hidden.bool) {
		i := obj.obj.find(name, 0)
		elems = append(elems, ready(textValue(name, obj.obj.layers[i].fields[name].key)))
	}
	return arrayValue(elems, Location{})
}

func (b *builtinCall) objectHas() *value {
	obj, name, hidden := b.args[0], b.args[1], b.args[2]
	if obj.kind != object || name.kind != text || hidden.kind != boolean {
		return nil
	}
	hide, ok := obj.obj.visibility()[name.text]
	return boolValue(ok && (hidden.bool || hide != ast.ObjectFieldHidden), Location{})
}

func (b *builtinCall) objectRemoveKey() *value {
	obj, name := b.args[0], b.args[1]
	if obj.kind != object || name.kind != text {
		return nil
	}
	keep := obj.obj.visibility()
	delete(keep, name.text)
	return objectValue(Location{}, append(slices.Clone(obj.obj.layers), layer{keep: keep, covers: len(obj.obj.layers)})...)
}

// objectFlatMerge makes the object of an object comprehension.
func (b *builtinCall) objectFlatMerge() *value {
	if b.args[0].kind != array {
		return nil
	}
	merged := layer{fields: map[string]*member{}}
	for _, t := range b.args[0].elems {
		one := b.p.force(t)
		if one == nil || one.kind != object || len(one.obj.layers) != 1 {
			return nil
		}
		from := one.obj.layers[0]
		for name, m := range from.fields {
			c := *m
			c.env = from.env
			merged.fields[name] = &c
		}
	}
	return objectValue(Location{}, merged)
}
