package provenance

import "slices"

// survives tells whether a line of an old text is in a new one, in its place:
// other lines may have come and gone around it.
func survives(old []string, line int, new []string) bool {
	for line > 0 && len(new) > 0 && old[0] == new[0] {
		old, new, line = old[1:], new[1:], line-1
	}
	if len(new) == 0 {
		return false
	}
	if line == 0 && old[0] == new[0] {
		return true
	}
	for line < len(old)-1 && len(new) > 0 && old[len(old)-1] == new[len(new)-1] {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	if line == len(old)-1 && len(new) > 0 && old[line] == new[len(new)-1] {
		return true
	}
	return slices.Contains(new, old[line]) && matched(old, line, new)
}

// matched tells whether a longest common subsequence has the line: whether the
// best match of all lines is as good as the best of those that match this one.
func matched(old []string, line int, new []string) bool {
	before := common(old[:line], new)
	after := common(reversed(old[line+1:]), reversed(new))
	best := common(old, new)[len(new)]
	for i, text := range new {
		if text == old[line] && before[i]+1+after[len(new)-i-1] == best {
			return true
		}
	}
	return false
}

// common has, for each beginning of b, the length of the longest common
// subsequence with a.
func common(a, b []string) []int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = up
		}
	}
	return row
}

func reversed(s []string) []string {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}
