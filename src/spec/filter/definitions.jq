# What jq's manual promises and jaq leaves out, as far as filters on AWS's answers need it.

# jaq knows `key` and `value` only; AWS's tags are `Key` and `Value`, which jq accepts as well.
def from_entries:
  def name: [.key, .k, .name, .Name, .K, .Key | values][0] | if isstring then . else tojson end;
  def content: if has("value") then .value elif has("v") then .v else .Value end;
  reduce .[] as $entry ({}; . + {($entry | name): ($entry | content)});

def leaf_paths: paths(scalars);

def IN(candidates): . as $value | any(candidates; . == $value);
def IN(values; candidates): any(values == candidates; .);
def INDEX(rows; name): reduce rows as $row ({}; . + {($row | name | tostring): $row});
def INDEX(name): INDEX(.[]; name);

def toarray: if isarray then . else [.] end;
def trimstr($text): ltrimstr($text) | rtrimstr($text);

def row(f): map(if . == null then "" elif isstring then f elif . < [] then tostring
                else error("a row holds texts and numbers, not arrays and objects") end);
def @csv: row("\"" + gsub("\""; "\"\"") + "\"") | join(",");
def @tsv: row(gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r")) | join("\t");
