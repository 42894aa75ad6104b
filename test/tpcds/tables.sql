-- A retailer with shops, a catalogue and a web shop. The keys say which column distributes a table in each layout.
CREATE TABLE date_dim (d_date_sk int PRIMARY KEY, d_date date, d_year int, d_quarter int, d_month int, d_week int,
                       d_weekday int, d_day_name text);
CREATE TABLE time_dim (t_time_sk int PRIMARY KEY, t_hour int, t_minute int, t_shift text);
CREATE TABLE item (i_item_sk int PRIMARY KEY, i_item_id text, i_product text, i_brand text, i_class text, i_category text,
                   i_color text, i_manufacturer int, i_price numeric(7,2), i_cost numeric(7,2));
CREATE TABLE customer_address (ca_address_sk int PRIMARY KEY, ca_city text, ca_county text, ca_state text, ca_zip text,
                               ca_country text);
CREATE TABLE customer_demographics (cd_demo_sk int PRIMARY KEY, cd_gender char(1), cd_marital char(1), cd_education text,
                                    cd_dependents int);
CREATE TABLE household_demographics (hd_household_sk int PRIMARY KEY, hd_income int, hd_potential text, hd_dependents int,
                                     hd_vehicles int);
CREATE TABLE customer (c_customer_sk int PRIMARY KEY, c_customer_id text, c_demo_sk int, c_household_sk int, c_address_sk int,
                       c_first text, c_last text, c_birth_year int, c_birth_country text, c_preferred bool);
CREATE TABLE store (s_store_sk int PRIMARY KEY, s_name text, s_city text, s_county text, s_state text, s_staff int);
CREATE TABLE warehouse (w_warehouse_sk int PRIMARY KEY, w_name text, w_state text);
CREATE TABLE promotion (p_promo_sk int PRIMARY KEY, p_name text, p_email bool, p_tv bool);
CREATE TABLE ship_mode (sm_mode_sk int PRIMARY KEY, sm_type text, sm_carrier text);
CREATE TABLE reason (r_reason_sk int PRIMARY KEY, r_text text);

CREATE TABLE store_sales (ss_ticket bigint, ss_item_sk int, ss_date_sk int, ss_time_sk int, ss_customer_sk int, ss_demo_sk int,
                          ss_household_sk int, ss_address_sk int, ss_store_sk int, ss_promo_sk int, ss_quantity int,
                          ss_list_price numeric(7,2), ss_price numeric(7,2), ss_paid numeric(9,2), ss_profit numeric(9,2));
CREATE TABLE store_returns (sr_ticket bigint, sr_item_sk int, sr_date_sk int, sr_customer_sk int, sr_store_sk int,
                            sr_reason_sk int, sr_quantity int, sr_amount numeric(9,2), sr_loss numeric(9,2));
CREATE TABLE catalog_sales (cs_order bigint, cs_item_sk int, cs_date_sk int, cs_ship_date_sk int, cs_customer_sk int,
                            cs_ship_address_sk int, cs_warehouse_sk int, cs_mode_sk int, cs_promo_sk int, cs_quantity int,
                            cs_list_price numeric(7,2), cs_price numeric(7,2), cs_paid numeric(9,2), cs_profit numeric(9,2));
CREATE TABLE catalog_returns (cr_order bigint, cr_item_sk int, cr_date_sk int, cr_customer_sk int, cr_reason_sk int,
                              cr_quantity int, cr_amount numeric(9,2), cr_loss numeric(9,2));
CREATE TABLE web_sales (ws_order bigint, ws_item_sk int, ws_date_sk int, ws_ship_date_sk int, ws_customer_sk int,
                        ws_ship_address_sk int, ws_warehouse_sk int, ws_mode_sk int, ws_promo_sk int, ws_quantity int,
                        ws_list_price numeric(7,2), ws_price numeric(7,2), ws_paid numeric(9,2), ws_profit numeric(9,2));
CREATE TABLE web_returns (wr_order bigint, wr_item_sk int, wr_date_sk int, wr_customer_sk int, wr_reason_sk int,
                          wr_quantity int, wr_amount numeric(9,2), wr_loss numeric(9,2));
CREATE TABLE inventory (inv_item_sk int, inv_warehouse_sk int, inv_date_sk int, inv_on_hand int);

CREATE INDEX ON store_sales (ss_ticket, ss_item_sk);
CREATE INDEX ON store_sales (ss_customer_sk);
CREATE INDEX ON store_returns (sr_ticket, sr_item_sk);
CREATE INDEX ON catalog_sales (cs_order, cs_item_sk);
CREATE INDEX ON catalog_sales (cs_customer_sk);
CREATE INDEX ON web_sales (ws_order, ws_item_sk);
CREATE INDEX ON web_sales (ws_customer_sk);
CREATE INDEX ON inventory (inv_item_sk, inv_date_sk);
