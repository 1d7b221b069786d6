"""Figures: a table in, a Plotly figure out. Knows neither Streamlit nor DuckDB."""
