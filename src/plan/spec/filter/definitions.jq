# The functions of jq that are written in jq: as in jq 1.6, and later ones as in the version that added them.
# Functions that start with `_` can only be called from this file.

def empty: {}[] as $none | .;
def null: [][0];
def true: 0 == 0;
def false: 0 != 0;
def error: if . == null then _refuse("`error(null)`, which differs between versions of jq") else (_raise as $none | .) end;
def error($value): ($value | error) as $none | .;
def not: if . then false else true end;
def select(f): if f then . else empty end;
def map(f): [.[] | f];
def _last_item: .[-1];

# Updates
def _modify(paths; update):
  reduce path(paths) as $path (.; ([first(getpath($path) | update)] as $new
    | if $new == [] then delpaths([$path]) else setpath($path; $new[0]) end));
def _assign(paths; $value): reduce path(paths) as $path (.; setpath($path; $value));
def _set_default(paths; $value): reduce path(paths) as $path (.; setpath($path; getpath($path) // $value));

# Selections by type
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def isfinite: type == "number" and (isinfinite | not);
def scalars_or_empty: select((type != "array" and type != "object") or length == 0);
def finites: select(isfinite);
def normals: select(isnormal);

# Traversal of values
def recurse(f): def down: ., (f | down); down;
def recurse(f; condition): def down: ., (f | select(condition) | down); down;
def recurse: ..;
def recurse_down: recurse;
def map_values(f): .[] |= f;
def to_entries: [keys_unsorted[] as $key | {key: $key, value: .[$key]}];
def from_entries:
  map({(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}) | add // {};
def with_entries(f): to_entries | map(f) | from_entries;
def walk(f):
  def below:
    . as $whole
    | if type == "object" then reduce keys_unsorted[] as $name ({}; . + {($name): ($whole[$name] | below)})
    elif type == "array" then map(below)
    else . end | f;
  below;

# Loops
def _number: if type == "number" then . else error("Range bounds must be numeric") end;
def range($start; $end): ($start | _number) as $from | ($end | _number) as $to | _range($from; $to; 1);
def range($end): range(0; $end);
def range($start; $end; $step):
  def upwards: if . < $end then ., (. + $step | upwards) else empty end;
  def downwards: if . > $end then ., (. + $step | downwards) else empty end;
  if $step > 0 then $start | upwards elif $step < 0 then $start | downwards else empty end;
def while(condition; update): def again: if condition then ., (update | again) else empty end; again;
def until(condition; next): def again: if condition then . else next | again end; again;
def repeat(f): def again: f, again; again;
def limit($count; f):
  if $count < 0 then f
  elif $count | type != "number" then first(f) | ($count - 1)
  elif $count == 0 then first(f)
  else _limit($count; f) end;
def skip($count; f):
  if $count < 0 then error("skip doesn't support negative count")
  elif $count == 0 then f
  else foreach f as $item ($count; . - 1; if . < 0 then $item else empty end) end;
def last(f): reduce f as $item (null; $item);
def first: .[0];
def last: .[-1];
def nth($index): .[$index];
def nth($index; f):
  if $index < 0 then error("nth doesn't support negative indices") else last(limit($index + 1; f)) end;
def isempty(f): 0 == (first(f | 1) // 0);

# Conditions on several values: the result is decided when the next value arrives, as in jq 1.6.
def any(f; condition):
  [label $decided | foreach f as $item (false;
    if . then "over" elif $item | condition then true else . end;
    if . == "over" then break $decided elif . then true else empty end)] | length == 1;
def all(f; condition):
  [label $decided | foreach f as $item (true;
    if . != true then "over" elif $item | condition then true else false end;
    if . == "over" then break $decided elif . == false then true else empty end)] | length == 0;
def any(condition): any(.[]; condition);
def all(condition): all(.[]; condition);
def any: any(.);
def all: all(.);
def in(container): . as $key | container | has($key);
def inside(container): . as $part | container | contains($part);

# Arrays
def _list: if type == "array" then . else error("\(type) (\(tojson)) cannot be sorted, as it is not an array") end;
def sort_by(f): _list | if length < 2 then map([f]) as $keys | . else _sort_by(f) end;
def group_by(f): _list | _group_by(f);
def unique_by(f): [group_by(f)[] | .[0]];
def unique: [sort | _group_by(.)[] | .[0]];
def min_by(f): _list | reduce _min_by(f) as $item (null; $item);
def max_by(f): _list | reduce _max_by(f) as $item (null; $item);
def min: min_by(.);
def max: max_by(.);
def add(f): reduce f as $item (null; . + $item);
def toarray: if type == "array" then . else [.] end;
def reverse: [.[length - 1 - range(0; length)]];
def join($between):
  reduce (.[] | if . == null then "" elif type == "boolean" or type == "number" then tojson else . end) as $part
    (null; (if . == null then "" else . + $between end) + $part) // "";
def _flatten($depth):
  reduce .[] as $item ([];
    if ($item | type == "array") and $depth != 0 then . + ($item | _flatten($depth - 1)) else . + [$item] end);
def flatten: _flatten(-1);
def flatten($depth): if $depth < 0 then error("flatten depth must not be negative") else _flatten($depth) end;
def transpose:
  if . == [] then .
  else . as $rows | [range(0; map(length) | max) as $column | [range(0; $rows | length) as $row | $rows[$row][$column]]]
  end;
def combinations:
  if length == 0 then [] else .[0][] as $first | (.[1:] | combinations) as $rest | [$first] + $rest end;
def combinations(count): . as $items | [range(count) | $items] | combinations;
def indices($part):
  if type == "array" and ($part | type) == "array" then .[$part]
  elif type == "array" then .[[$part]]
  elif type == "string" and ($part | type) == "string" then _text_places($part)
  else .[$part] end;
def index($part): indices($part) | .[0];
def rindex($part): indices($part) | .[-1:][0];

# Paths
def paths: path(..) | select(length > 0);
def paths(condition): . as $whole | paths | select(. as $path | $whole | getpath($path) | condition);
def leaf_paths: paths(scalars);
def del(f): delpaths([path(f)]);
def pick(f): . as $whole | reduce path(f) as $path (null; setpath($path; $whole | getpath($path)));

# Streams
def tostream:
  def leaves($path):
    if (type == "array" or type == "object") and length > 0 then
      keys_unsorted as $keys
      | ($keys[] as $key | .[$key] | leaves($path + [$key])), [$path + [$keys[-1]]]
    else [$path, .] end;
  leaves([]);
def truncate_stream(f):
  . as $depth | null | f | . as $event
  | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;
def fromstream(f):
  foreach f as $event ({value: null, done: false};
    if .done then {value: null, done: false} else . end
    | if ($event | length) == 2 then
        .value = (.value | setpath($event[0]; $event[1])) | .done = ($event[0] | length == 0)
      else .done = ($event[0] | length == 1) end;
    if .done then .value else empty end);

# Numbers and texts
def abs: if . < 0 then - . else . end;
def toboolean:
  if type == "boolean" then . elif . == "true" then true elif . == "false" then false
  else error("\(type) (\(tojson)) cannot be parsed as a boolean") end;
def trimstr($part): ltrimstr($part) | rtrimstr($part);
def debug: .;
def debug(message): (message | empty), .;
def stderr: .;
def have_literal_numbers: true;

# Formats
def @text: format("text");
def @json: format("json");
def @csv: format("csv");
def @tsv: format("tsv");
def @html: format("html");
def @uri: format("uri");
def @sh: format("sh");
def @base64: format("base64");
def @base64d: format("base64d");

# Regular expressions
def _pattern(f; $value):
  if ($value | type) == "string" then [$value, null]
  elif ($value | type) == "array" and ($value | length) > 1 then $value
  elif ($value | type) == "array" and ($value | length) > 0 then [$value[0], null]
  else error(($value | type) + " not a string or array") end;
def test(pattern; flags): _test(pattern; flags);
def test($value): _pattern(.; $value) as $pattern | _test($pattern[0]; $pattern[1]);
def match(pattern; flags): _match(pattern; flags) | .[];
def match($value): _pattern(.; $value) as $pattern | match($pattern[0]; $pattern[1]);
def _names: reduce (.captures[] | select(.name != null)) as $group ({}; . + {($group.name): $group.string});
def capture(pattern; flags): match(pattern; flags) | _names;
def capture($value): match($value) | _names;
def scan($pattern; $flags):
  match($pattern; "g" + $flags) | if (.captures | length) > 0 then [.captures[].string] else .string end;
def scan($pattern): scan($pattern; null);
def splits($pattern; flags): _pieces($pattern; flags)[];
def splits($pattern): splits($pattern; null);
def split($pattern; flags): [splits($pattern; flags)];
def sub($pattern; f; flags):
  def one: [flags] | if length == 1 then .[0] else _refuse("several flags of `sub`") end;
  if ($pattern | type) == "array" then _refuse("arrays as patterns of `sub`") else _edits($pattern; one) end
  | . as [$edits, $rest]
  | if ($edits | length) == 0 then $rest
    else
      reduce $edits[] as [$before, $groups] (""; [$groups | f] as $texts
        | if ($texts | length) == 1 then . + $before + $texts[0]
          else _refuse("a replacement with no or several texts") end)
      | . + $rest
    end;
def sub($pattern; f): sub($pattern; f; "");
def gsub($pattern; f; flags): sub($pattern; f; flags + "g");
def gsub($pattern; f): sub($pattern; f; "g");

# Times
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todate: todateiso8601;
def fromdate: fromdateiso8601;

# SQL-style functions
def INDEX(rows; key):
  reduce rows as $row ({}; .[$row | key | if type == "string" then . else tojson end] |= $row);
def INDEX(key): INDEX(.[]; key);
def IN(values): any(values == .; .);
# jq 1.6 evaluates the values on each row, later versions on the input of the rows.
def IN(rows; values):
  def apart: _refuse("the source of the values of `IN` with two arguments");
  (reduce (rows | IN(values)) as $found (false; . or $found)) as $in_row
  | (try any(rows == values; .) catch apart)
  | if . == $in_row then . else apart end;
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; rows; key): rows | [., $index[key]];
def JOIN($index; rows; key; join): rows | [., $index[key]] | join;
