\echo Use "CREATE EXTENSION herd" to load this file. \quit

-- Made here, not by the control file, so that it belongs to the extension: pg_dump then leaves it out.
CREATE SCHEMA herd;
