#pragma once
#include <libpq-fe.h>

// Character constants: as macros Swift does not see them.
static const int madang_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int madang_diag_message_primary = PG_DIAG_MESSAGE_PRIMARY;
static const int madang_diag_message_detail = PG_DIAG_MESSAGE_DETAIL;
static const int madang_diag_message_hint = PG_DIAG_MESSAGE_HINT;
static const int madang_diag_context = PG_DIAG_CONTEXT;
static const int madang_diag_constraint_name = PG_DIAG_CONSTRAINT_NAME;
static const int madang_diag_severity = PG_DIAG_SEVERITY_NONLOCALIZED;
