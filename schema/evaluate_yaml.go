package schema

import (
	"fmt"
	"strings"

	"stackgen/schema/diag"

	"gopkg.in/yaml.v3"
)

// evaluateYAML reads one YAML document.
func evaluateYAML(text string) (any, diag.List, error) {
	var doc any
	var diags diag.List
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		diags.Errorf("yaml/syntax", "", "%s", strings.TrimPrefix(firstLine(err.Error()), "yaml: "))
		return nil, diags, nil
	}
	return plainJSON(doc), nil, nil
}

// plainJSON turns what YAML gives into what JSON gives: keys are text (a rule
// number is often written without quotes) and numbers are float64.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plainJSON(e)
		}
	case map[any]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[fmt.Sprint(k)] = plainJSON(e)
		}
		return m
	case []any:
		for i, e := range v {
			v[i] = plainJSON(e)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case string, float64, bool, nil:
	default:
		return fmt.Sprint(v) // a timestamp
	}
	return v
}
