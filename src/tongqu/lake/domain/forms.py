"""Words that both engines know, and patterns that both read alike."""

# Functions that mean the same on both engines (or are made to, below), by sqlglot's class.
CARRIED = frozenset(
    {
        "Abs", "And", "AnyValue", "ArgMax", "ArgMin", "Array", "ArrayContains", "Ascii", "Avg",
        "Unicode", "Case", "Cast", "Ceil", "Coalesce", "Concat", "Contains", "Cos", "Count",
        "ConcatWs", "CountIf", "DateDiff", "DateTrunc", "Day", "DenseRank", "EndsWith",
        "Exists", "Extract",
        "First", "Floor", "GreatestF", "Greatest", "GroupConcat", "If", "IsInf", "IsNan", "Lag",
        "Last", "LastDay", "Lead", "Least", "Left", "Length", "Ln", "LogicalAnd", "LogicalOr",
        "Lower", "MD5", "Max", "Min", "Month", "Nullif", "Or", "Pad", "Pow", "Quarter", "Radians",
        "Rank", "RegexpFullMatch", "RegexpLike", "Repeat", "Replace", "Right", "Round",
        "RowNumber", "SHA2", "Sign", "Sin", "Sqrt", "StartsWith", "StrPosition", "StrToTime",
        "Stuff", "Substring", "Sum", "TimestampTrunc", "Trim", "Try", "TryCast", "Upper", "Xor",
        "Year", "Struct", "Unnest", "Explode", "Hour", "Minute", "Second", "Tan", "NthValue",
        "FirstValue", "LastValue", "ToDays", "TimeToStr", "Interval",
    }
)  # fmt: skip
NAMED = frozenset({"try_strptime", "regexp_full_match", "to_hours", "abs", "isfinite"})
# Why a function stays at home.
REASONS = {
    "GenerateSeries": "两种引擎生成序列的类型不同",
    "JSONExtract": "两种引擎读取 JSON 的类型不同",
    "JSONExtractScalar": "两种引擎读取 JSON 的类型不同",
    "Median": "两种引擎的中位数取法不同",
    "Quantile": "两种引擎的分位数取法不同",
    "PercentileCont": "两种引擎的分位数取法不同",
    "ApproxDistinct": "近似计数的结果随引擎而变",
    "Mode": "并列时取哪一个没有约定",
    "ArrayAgg": "数组的元素次序没有约定",
    "List": "数组的元素次序没有约定",
    "RegexpExtract": "没有匹配时一个引擎给空文本，另一个给空值",
    "RegexpReplace": "一个引擎替换第一处，另一个替换全部",
}
# Result types that Spark has no equal of.
TYPES_AT_HOME = frozenset({"TIME", "UUID", "INTERVAL", "UINT128", "INT128", "JSON", "BIT"})
CLASSES = {"s": r"\t\n\f\r ", "d": "0-9", "w": "0-9A-Za-z_"}


def pattern(form: str) -> str:
    """Return a pattern that every engine reads as RE2 does: classes of ASCII, a dot that stops
    at a new line alone, an end that is the end of the text."""
    found, at, is_inside = [], 0, False
    while at < len(form):
        letter = form[at]
        if letter == "\\" and at + 1 < len(form):
            found.append(_escaped(form[at + 1], is_inside=is_inside))
            at += 2
            continue
        if not is_inside and letter in ".$":
            letter = r"[^\n]" if letter == "." else r"\z"
        elif letter in "[]":
            is_inside = letter == "["
        found.append(letter)
        at += 1
    return "".join(found)


def _escaped(letter: str, *, is_inside: bool) -> str:
    members = CLASSES.get(letter.lower())
    if members is None:
        return f"\\{letter}"
    if is_inside:
        if letter.isupper():
            raise ValueError("a negated class inside brackets is not carried over")
        return members
    return f"[{'^' if letter.isupper() else ''}{members}]"
