package mariadb

import "stackgen/schema/topology"

// collations are the character sets that both flavors have and clients can
// use, with their default collation in MariaDB and the bytes of their longest
// character (SHOW CHARACTER SET).
var collations = [...]struct {
	charset, collation string
	width              int
}{
	{"ascii", "ascii_general_ci", 1}, {"big5", "big5_chinese_ci", 2}, {"binary", "binary", 1}, {"cp1250", "cp1250_general_ci", 1},
	{"cp1251", "cp1251_general_ci", 1}, {"cp1256", "cp1256_general_ci", 1}, {"cp1257", "cp1257_general_ci", 1}, {"cp850", "cp850_general_ci", 1},
	{"cp852", "cp852_general_ci", 1}, {"cp866", "cp866_general_ci", 1}, {"cp932", "cp932_japanese_ci", 2}, {"eucjpms", "eucjpms_japanese_ci", 3},
	{"euckr", "euckr_korean_ci", 2}, {"gb2312", "gb2312_chinese_ci", 2}, {"gbk", "gbk_chinese_ci", 2}, {"greek", "greek_general_ci", 1},
	{"hebrew", "hebrew_general_ci", 1}, {"koi8r", "koi8r_general_ci", 1}, {"koi8u", "koi8u_general_ci", 1}, {"latin1", "latin1_swedish_ci", 1},
	{"latin2", "latin2_general_ci", 1}, {"latin5", "latin5_turkish_ci", 1}, {"latin7", "latin7_general_ci", 1}, {"sjis", "sjis_japanese_ci", 2},
	{"tis620", "tis620_thai_ci", 1}, {"ujis", "ujis_japanese_ci", 3}, {"utf8mb3", "utf8mb3_general_ci", 3}, {"utf8mb4", "utf8mb4_general_ci", 4},
}

// defaultCollation is that of a character set, or "" for one that is unknown.
func defaultCollation(charset string) string {
	for _, c := range collations {
		if c.charset == charset {
			return c.collation
		}
	}
	return ""
}

// collationOf is what must be said about the collation of a server: Debian's
// configuration of MariaDB sets one, which is refused with another character set.
// MySQL's does not.
func collationOf(db *topology.MariaDB) string {
	if db.Flavor == "mysql" {
		return ""
	}
	return defaultCollation(db.CharacterSet)
}

// collate is what has to stand behind a character set, with a space before it.
func (d dialect) collate(charset string) string {
	if !d.collates {
		return ""
	}
	return " COLLATE " + defaultCollation(charset)
}

// charsetOf is the character set of a schema.
func charsetOf(db *topology.MariaDB, d topology.Database) string {
	if d.CharacterSet != "" {
		return d.CharacterSet
	}
	return db.CharacterSet
}
