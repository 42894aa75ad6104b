\echo Use "CREATE EXTENSION herd" to load this file. \quit
