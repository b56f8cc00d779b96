# What jq's manual promises and jaq leaves out, as far as filters on AWS's answers need it.

# jaq knows `key` and `value` only; AWS's tags are `Key` and `Value`, which jq accepts as well.
def from_entries:
  def name: [.key, .k, .name, .Name, .K, .Key | values][0] | if isstring then . else tojson end;
  def content: if has("value") then .value elif has("v") then .v else .Value end;
  reduce .[] as $entry ({}; . + {($entry | name): ($entry | content)});

# jaq takes every value that a text begins with; jq takes the whole text for one value, or none.
def values_in_text: [fromjson];
def fromjson: values_in_text | if length == 1 then .[0] else error("the text is not one JSON value") end;
def tonumber:
  if isnumber then .
  elif isstring and test("^\\s*-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?\\s*$") then fromjson
  else error("the value is no number") end;

# Null joins as an empty text, and has no beginning or end to trim.
def join($between):
  reduce (.[] | if . == null then "" elif isboolean or isnumber then tojson else . end) as $part
    (null; (if . == null then "" else . + $between end) + $part) // "";
def ltrimstr($start):
  if isstring and ($start | isstring) and startswith($start) then .[($start | length):] else . end;
def rtrimstr($end):
  if isstring and ($end | isstring) and endswith($end) then .[:length - ($end | length)] else . end;

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
