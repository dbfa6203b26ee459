package mariadb

import (
	"fmt"
	"strconv"
	"strings"
)

// moment matches a date as all manuals write it, with or without a time; clock
// matches a time. The server takes other forms as well, on which we do not judge.
var (
	moment = pattern(`^ *([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]+([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]*)?)?)?( *)(.*)$`)
	clock  = pattern(`^ *-?([0-9]+):([0-9]{1,2})(?::([0-9]{1,2}))?(.*)$`)
)

// notTime finds text that is no date or time, such as the 30th of February. A
// month or a day of 00 is one: our SQL allows it.
func (p column) notTime(s string) string {
	why := fmt.Sprintf("%q is no date such as \"2024-12-31 23:59:59\"", s)
	if p.name == "TIME" {
		why = fmt.Sprintf("%q is no time such as \"23:59:59\"", s)
	}
	start := strings.TrimLeft(s, " -")
	if start == "" || start[0] < '0' || start[0] > '9' {
		return why
	}
	if m := moment().FindStringSubmatch(s); m != nil {
		if m[8] != "" || !p.inCalendar(numbersOf(m[1:7])) {
			return why
		}
	} else if m := clock().FindStringSubmatch(s); m != nil && p.name == "TIME" {
		if n := numbersOf(m[1:4]); n[0] > 838 || n[1] > 59 || n[2] > 59 {
			return why + ", up to 838:59:59"
		}
	}
	return ""
}

// inCalendar reports whether a column can hold a year, month, day, hour, minute
// and second.
func (p column) inCalendar(n []int) bool {
	year, month, day := n[0], n[1], n[2]
	if month > 12 || day > daysOf(year, month) || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return false
	}
	zero := year == 0 && month == 0 && day == 0
	return p.name != "TIMESTAMP" || zero || year >= 1970 && year <= p.dialect.lastTimestamp
}

// daysOf is how many days a month has; month 0 has any.
func daysOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// numbersOf reads digits; what is empty is 0, and what is too large is the largest.
func numbersOf(digits []string) []int {
	numbers := make([]int, len(digits))
	for i, d := range digits {
		numbers[i], _ = strconv.Atoi(d)
	}
	return numbers
}
