(stylesheet [
  (rule_set (selectors) @name)
  (media_statement . (_) @name)
  (keyframes_statement (keyframes_name) @name)
  (supports_statement . (_) @name)
  (at_rule . (at_keyword) @name)] @def.rule)
(comment) @comment
(import_statement) @import
(charset_statement) @import
