package origin

import (
	"cmp"
	"slices"
)

// fn calls a function that was an argument.
func (b *builtinCall) fn(f *value, args ...*thunk) *value {
	if f.kind != function {
		return nil
	}
	return b.p.call(f.fn, arguments{positional: args}, b.calls)
}

func (b *builtinCall) makeArray() *value {
	n, f := b.args[0], b.args[1]
	if n.kind != number || n.num < 0 || n.num > maxSteps || !b.p.spend(int(n.num)) {
		return nil
	}
	elems := make([]*thunk, int(n.num))
	for i := range elems {
		elems[i] = &thunk{compute: func() *value { return b.fn(f, ready(numValue(float64(i), Location{}))) }}
	}
	return arrayValue(elems, Location{})
}

func (b *builtinCall) flatMap() *value {
	if b.args[1].kind != array {
		return nil
	}
	var elems []*thunk
	for _, t := range b.args[1].elems {
		v := b.fn(b.args[0], t)
		if v == nil || v.kind != array {
			return nil
		}
		if !b.p.spend(len(v.elems)) {
			return nil
		}
		elems = append(elems, v.elems...)
	}
	return arrayValue(elems, Location{})
}

func (b *builtinCall) filter() *value {
	if b.args[1].kind != array {
		return nil
	}
	var elems []*thunk
	for _, t := range b.args[1].elems {
		keep := b.fn(b.args[0], t)
		if keep == nil || keep.kind != boolean {
			return nil
		}
		if keep.bool {
			elems = append(elems, t)
		}
	}
	return arrayValue(elems, Location{})
}

func (b *builtinCall) join() *value {
	sep, arr := b.args[0], b.args[1]
	if sep.kind != array || arr.kind != array {
		return b.p.compute("std.join", arguments{positional: []*thunk{ready(sep), ready(arr)}}, b.calls)
	}
	var elems []*thunk
	first := true
	for _, t := range arr.elems {
		v := b.p.force(t)
		switch {
		case v == nil || v.kind != array && v.kind != null:
			return nil
		case v.kind == null:
			continue
		case !first:
			elems = append(elems, sep.elems...)
		}
		first = false
		if !b.p.spend(len(sep.elems) + len(v.elems)) {
			return nil
		}
		elems = append(elems, v.elems...)
	}
	return arrayValue(elems, Location{})
}

// sort sorts by keys that are numbers or texts.
func (b *builtinCall) sort() *value {
	arr, f := b.args[0], b.args[1]
	if arr.kind != array {
		return nil
	}
	keys := make(map[*thunk]*value, len(arr.elems))
	for i, t := range arr.elems {
		k := b.fn(f, t)
		if k == nil || k.kind != number && k.kind != text || i > 0 && k.kind != keys[arr.elems[0]].kind {
			return nil
		}
		keys[t] = k
	}
	elems := slices.Clone(arr.elems)
	slices.SortStableFunc(elems, func(x, y *thunk) int {
		return cmp.Or(cmp.Compare(keys[x].num, keys[y].num), cmp.Compare(keys[x].text, keys[y].text))
	})
	return arrayValue(elems, Location{})
}

func (b *builtinCall) reverse() *value {
	if b.args[0].kind != array {
		return nil
	}
	elems := slices.Clone(b.args[0].elems)
	slices.Reverse(elems)
	return arrayValue(elems, Location{})
}

func (b *builtinCall) removeAt() *value {
	arr, i := b.args[0], b.args[1]
	if arr.kind != array || i.kind != number || i.num < 0 || int(i.num) >= len(arr.elems) {
		return nil
	}
	return arrayValue(slices.Delete(slices.Clone(arr.elems), int(i.num), int(i.num)+1), Location{})
}

func (b *builtinCall) foldl() *value {
	f, arr, acc := b.args[0], b.args[1], b.args[2]
	if arr.kind != array {
		return nil
	}
	for _, t := range arr.elems {
		if acc = b.fn(f, ready(acc), t); acc == nil {
			return nil
		}
	}
	return acc
}

func (b *builtinCall) foldr() *value {
	f, arr, acc := b.args[0], b.args[1], b.args[2]
	if arr.kind != array {
		return nil
	}
	for _, t := range slices.Backward(arr.elems) {
		if acc = b.fn(f, t, ready(acc)); acc == nil {
			return nil
		}
	}
	return acc
}
