-- name: hours_of_the_day
SELECT * FROM
    (SELECT count(*) AS early FROM store_sales, household_demographics, time_dim WHERE ss_time_sk = t_time_sk AND ss_household_sk = hd_household_sk
                                AND t_hour = 9 AND t_minute >= 30 AND hd_dependents IN (1, 3)) AS one,
    (SELECT count(*) AS noon FROM store_sales, household_demographics, time_dim WHERE ss_time_sk = t_time_sk AND ss_household_sk = hd_household_sk
                               AND t_hour = 12 AND t_minute < 30 AND hd_dependents IN (1, 3)) AS two,
    (SELECT count(*) AS late FROM store_sales, household_demographics, time_dim WHERE ss_time_sk = t_time_sk AND ss_household_sk = hd_household_sk
                               AND t_hour = 17 AND hd_dependents IN (1, 3)) AS three;

-- name: weekdays_of_shops
SELECT s_name, s_store_sk, sum(CASE WHEN d_day_name = 'Sunday' THEN ss_price END) AS sunday, sum(CASE WHEN d_day_name = 'Monday' THEN ss_price END) AS monday,
       sum(CASE WHEN d_day_name = 'Saturday' THEN ss_price END) AS saturday
FROM date_dim, store_sales, store WHERE d_date_sk = ss_date_sk AND s_store_sk = ss_store_sk AND d_year = 2000
GROUP BY s_name, s_store_sk ORDER BY s_name, s_store_sk;

-- name: months_of_warehouses
SELECT w_name, w_state, sum(january) AS january, sum(june) AS june, sum(december) AS december, sum(december) / nullif(sum(january), 0) AS growth
FROM (SELECT w_name, w_state, sum(CASE WHEN d_month = 1 THEN ws_paid ELSE 0 END) AS january, sum(CASE WHEN d_month = 6 THEN ws_paid ELSE 0 END) AS june,
             sum(CASE WHEN d_month = 12 THEN ws_paid ELSE 0 END) AS december
      FROM web_sales, warehouse, date_dim, time_dim, ship_mode
      WHERE ws_warehouse_sk = w_warehouse_sk AND ws_date_sk = d_date_sk AND t_time_sk = 40 AND ws_mode_sk = sm_mode_sk AND d_year = 2000 GROUP BY w_name, w_state
      UNION ALL
      SELECT w_name, w_state, sum(CASE WHEN d_month = 1 THEN cs_paid ELSE 0 END), sum(CASE WHEN d_month = 6 THEN cs_paid ELSE 0 END),
             sum(CASE WHEN d_month = 12 THEN cs_paid ELSE 0 END)
      FROM catalog_sales, warehouse, date_dim, ship_mode
      WHERE cs_warehouse_sk = w_warehouse_sk AND cs_date_sk = d_date_sk AND cs_mode_sk = sm_mode_sk AND sm_carrier IN ('carrier 1', 'carrier 2') AND d_year = 2000
      GROUP BY w_name, w_state) AS halves
GROUP BY w_name, w_state ORDER BY w_name, w_state;

-- name: share_of_promotions
SELECT promotions, total, round(promotions / total * 100, 2) AS share
FROM (SELECT sum(ss_paid) AS promotions FROM store_sales, store, promotion, date_dim, customer, item
      WHERE ss_date_sk = d_date_sk AND ss_store_sk = s_store_sk AND ss_promo_sk = p_promo_sk AND ss_customer_sk = c_customer_sk
        AND ss_item_sk = i_item_sk AND i_category = 'Music' AND (p_email OR p_tv) AND d_year = 2000) AS promotional,
     (SELECT sum(ss_paid) AS total FROM store_sales, store, date_dim, customer, item
      WHERE ss_date_sk = d_date_sk AND ss_store_sk = s_store_sk AND ss_customer_sk = c_customer_sk AND ss_item_sk = i_item_sk
        AND i_category = 'Music' AND d_year = 2000) AS everything;

-- name: counts_and_deviations
SELECT i_item_id, s_state, count(ss_quantity) AS sold, round(avg(ss_quantity), 4) AS average, round(stddev_samp(ss_quantity), 4) AS deviation,
       count(sr_quantity) AS returned, round(avg(sr_quantity), 4) AS average_returned
FROM store_sales LEFT JOIN store_returns ON ss_ticket = sr_ticket AND ss_item_sk = sr_item_sk JOIN item ON i_item_sk = ss_item_sk
     JOIN store ON s_store_sk = ss_store_sk
WHERE i_category = 'Home' GROUP BY i_item_id, s_state ORDER BY i_item_id, s_state LIMIT 100;
