-- Types are shared by both sides, so that columns have the same type OIDs.
DROP DOMAIN IF EXISTS public.positive CASCADE;
CREATE DOMAIN public.positive AS int CHECK (VALUE > 0);
DROP DOMAIN IF EXISTS public.label CASCADE;
CREATE DOMAIN public.label AS text CHECK (VALUE <> '');
DROP TYPE IF EXISTS public.mood CASCADE;
CREATE TYPE public.mood AS ENUM ('sad', 'so so', 'fine', 'über');
DROP TYPE IF EXISTS public.point3 CASCADE;
CREATE TYPE public.point3 AS (x int, y int, label text);
