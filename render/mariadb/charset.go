package mariadb

import "stackgen/schema/topology"

// collations are the character sets that both flavors have and clients can
// use, with their default collation in MariaDB (SHOW CHARACTER SET).
var collations = [...]struct {
	charset, collation string
}{
	{"ascii", "ascii_general_ci"}, {"big5", "big5_chinese_ci"}, {"binary", "binary"}, {"cp1250", "cp1250_general_ci"},
	{"cp1251", "cp1251_general_ci"}, {"cp1256", "cp1256_general_ci"}, {"cp1257", "cp1257_general_ci"}, {"cp850", "cp850_general_ci"},
	{"cp852", "cp852_general_ci"}, {"cp866", "cp866_general_ci"}, {"cp932", "cp932_japanese_ci"}, {"eucjpms", "eucjpms_japanese_ci"},
	{"euckr", "euckr_korean_ci"}, {"gb2312", "gb2312_chinese_ci"}, {"gbk", "gbk_chinese_ci"}, {"greek", "greek_general_ci"},
	{"hebrew", "hebrew_general_ci"}, {"koi8r", "koi8r_general_ci"}, {"koi8u", "koi8u_general_ci"}, {"latin1", "latin1_swedish_ci"},
	{"latin2", "latin2_general_ci"}, {"latin5", "latin5_turkish_ci"}, {"latin7", "latin7_general_ci"}, {"sjis", "sjis_japanese_ci"},
	{"tis620", "tis620_thai_ci"}, {"ujis", "ujis_japanese_ci"}, {"utf8mb3", "utf8mb3_general_ci"}, {"utf8mb4", "utf8mb4_general_ci"},
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
